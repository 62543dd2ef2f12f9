import { type Piece, piecesFit, readPieces } from './placeholders.ts';

// Expected lines read and compared as the reference for writers of pages says it, and in no hurry.

type Line =
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'line'; readonly pieces: readonly Piece[]; readonly least: number; readonly most: number };

const ellipses = new Set(['...', '…', '（中略）', '(中略)', '（省略）', '(省略)', '（以下略）', '(以下略)']);

/** Does the line, without its indentation, stand for any lines? */
export function isDots(line: string): boolean {
  return ellipses.has(line.trim());
}

/** The line without what never counts at its end. */
export function withoutEnd(line: string): string {
  return line.replace(/[ \t\v\f\r]+$/, '');
}

/** Does the page's text stand for these lines of output? */
export function linesFit(
  body: readonly string[],
  output: readonly string[],
  values: Readonly<Record<string, string>>,
): boolean {
  const written = body.map(withoutEnd);
  while (written.at(-1) === '') written.pop();
  const lines = written.map((line) => readLine(line, values));
  const came = output.map(withoutEnd);
  let blanks = 0;
  while (blanks < came.length && came[came.length - 1 - blanks] === '') blanks++;
  // Blank lines at the end are there for an expectation that wants them.
  for (let kept = came.length - blanks; kept <= came.length; kept++) {
    if (fit(lines, came.slice(0, kept))) return true;
  }
  return false;
}

function readLine(line: string, values: Readonly<Record<string, string>>): Line {
  if (isDots(line)) return { kind: 'ellipsis' };
  const quantified = /^(.*?) ?(?<!\\\{?)\{\{(\?|\+|0\+)\}\}$/s.exec(line);
  const text = quantified?.[1] ?? line;
  const dots = /^(\s*)\\(\\*[^\s\\].*)$/s.exec(text);
  const plain = dots !== null && isDots((dots[2] ?? '').replace(/^\\+/, '')) ? `${dots[1]}${dots[2]}` : text;
  const pieces = readPieces(plain, values);
  const last = pieces.at(-1);
  const ended = last?.kind === 'literal' ? [...pieces.slice(0, -1), { ...last, text: withoutEnd(last.text) }] : pieces;
  const [least, most] = {
    '': [1, 1],
    '?': [0, 1],
    '+': [1, Number.POSITIVE_INFINITY],
    '0+': [0, Number.POSITIVE_INFINITY],
  }[(quantified?.[2] ?? '') as '' | '?' | '+' | '0+'] as [number, number];
  return { kind: 'line', pieces: ended, least, most };
}

function fit(lines: readonly Line[], output: readonly string[]): boolean {
  // For each number of output lines: can the expected lines so far stand for just these?
  let reached = output.map(() => false);
  reached = [true, ...reached];
  for (const line of lines) {
    const next = reached.map(() => false);
    reached.forEach((here, from) => {
      if (!here) return;
      for (let count = 0; from + count <= output.length; count++) {
        if (line.kind === 'line') {
          if (count > line.most) break;
          if (count > 0 && !lineFits(line.pieces, output[from + count - 1] ?? '')) break;
          if (count < line.least) continue;
        }
        next[from + count] = true;
      }
    });
    reached = next;
  }
  return reached.at(-1) === true;
}

/** A tab is met by a tab, or by the blanks that a terminal shows for it. */
function lineFits(pieces: readonly Piece[], line: string): boolean {
  return piecesFit(pieces, line) || (line.includes('\t') && piecesFit(pieces, withBlanks(line)));
}

/** The line with the blanks that a terminal shows for its tabs. */
export function withBlanks(line: string): string {
  let shown = '';
  let column = 0;
  for (const character of line) {
    const wide = /[\u3000-\u9fff\uff01-\uff60]/.test(character);
    const width = character === '\t' ? 8 - (column % 8) : /[\p{Mn}\u200b]/u.test(character) ? 0 : wide ? 2 : 1;
    shown += character === '\t' ? ' '.repeat(width) : character;
    column += width;
  }
  return shown;
}
