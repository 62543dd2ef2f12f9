import type { Problem } from '../problem.ts';
import { checkCaptureNames, type PlacedParts } from './capture-names.ts';
import type { Expectation, ExpectedLine, Quantifier } from './model.ts';
import type { ParseOptions } from './parse-options.ts';
import { escapeLiteral, parseParts } from './parts.ts';
import { trimLineEnd } from './whitespace.ts';

/** The lines of a text expectation; every mistake goes to `problems`. */
export function parseLines(lines: readonly string[], options: ParseOptions, problems: Problem[]): Expectation {
  const placed: PlacedParts[] = [];
  const expected = lines.map((text, i): ExpectedLine => {
    const line = options.firstLine + i;
    const place = { file: options.file, line, column: 1 + (options.indent ?? 0) };
    if (isEllipsis(text)) return { rule: { kind: 'ellipsis' }, quantifier: 'one', text, line };
    const { body, quantifier } = splitQuantifier(text);
    if (quantifier !== 'one' && isEllipsis(body)) {
      const column = place.column + body.length;
      problems.push({
        ...place,
        column,
        what: 'an ellipsis takes no quantifier',
        hint: 'it stands for any lines, also none',
      });
    }
    const parts = parseParts(unescapeEllipsis(body), place, problems, options.known);
    placed.push({ parts, place });
    if (quantifier === 'some' || quantifier === 'any') {
      for (const part of parts) {
        if (part.kind === 'literal' || part.kind === 'use' || part.capture === undefined) continue;
        problems.push({
          ...place,
          what: `\`${part.capture}\` is captured on a line that may come several times`,
          hint: 'leave out the quantifier, or the name',
        });
      }
    }
    return { rule: { kind: 'line', parts }, quantifier, text, line };
  });
  checkCaptureNames(placed, problems);
  return { kind: 'text', lines: expected };
}

/** Does the line stand for any lines? */
export function isEllipsis(text: string): boolean {
  return ellipses.has(text.trim());
}

/** A line of output as it has to be written to be expected literally. */
export function escapeLine(text: string): string {
  return escapeDots(escapeLiteral(trimLineEnd(text)));
}

/** A written line that is no ellipsis: of dots, escaped or not, it would be read as one or lose its backslash. */
export function escapeDots(written: string): string {
  return isEllipsis(written.replace(/^(\s*)\\+/, '$1')) ? written.replace(/\S/, '\\$&') : written;
}

/** The line without the quantifier at its end. */
export function splitQuantifier(text: string): { readonly body: string; readonly quantifier: Quantifier } {
  // Neither behind an escape nor across its end: `\{{{?}}` is literal.
  const found = / ?(?<!\\\{?)\{\{(\?|\+|0\+)\}\}[ \t]*$/.exec(text);
  if (found === null) return { body: text, quantifier: 'one' };
  const body = text.slice(0, found.index);
  return { body, quantifier: found[1] === '?' ? 'optional' : found[1] === '+' ? 'some' : 'any' };
}

const ellipses = new Set(['...', '…']);
for (const word of ['中略', '省略', '以下略']) {
  ellipses.add(`（${word}）`);
  ellipses.add(`(${word})`);
}

function unescapeEllipsis(text: string): string {
  const found = /^(\s*)\\(\\*)(\S+)(\s*)$/.exec(text);
  // Blanks that count, as an ideographic space, stay at its end.
  return found !== null && isEllipsis(found[3] ?? '') ? `${found[1]}${found[2]}${found[3]}${found[4]}` : text;
}
