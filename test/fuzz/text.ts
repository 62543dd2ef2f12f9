import { applyHunks, mergeAccepted } from '../../core/expectation/accept.ts';
import type { Form } from './form.ts';
import { isDots, linesFit, withBlanks } from './lines.ts';
import { readPieces, writeHole, writeLiteral } from './placeholders.ts';
import type { Random } from './random.ts';
import { judge, linesOf, readTrial, type Trial, type Verdict } from './trial.ts';

type TextCase = { readonly body: readonly string[]; readonly output: readonly string[]; readonly end: string };

const values = { greeting: 'good morning', port: '5432' };
const words = [
  'a',
  'b',
  'ready',
  'a b',
  '日本 語',
  '数1件',
  'é',
  'e\u0301',
  'x\u00a0y',
  '  in',
  '1',
  '12 ms',
  'a\tb',
  '\tc',
];
const odd = [
  '',
  '...',
  '…',
  '  ...',
  '\\...',
  '（中略）',
  '{{int}}',
  '{{?}}',
  '\\{{',
  '{{{',
  'x{{',
  '}}',
  '{',
  '\\',
  '\u3000',
  '🚀',
];
const blanks = ['', '', '', '', ' ', '  ', '\t', ' \t '];

/** Text: random lines and placeholders, against a comparison that tries everything. */
export const text: Form<TextCase> = {
  name: 'text',
  make,
  trial,
  oracle: (of) => (linesFit(of.body, shownLines(of), values) ? 'pass' : 'fail'),
  *simpler({ body, output, end }) {
    if (end !== '\n') yield { body, output, end: '\n' };
    for (const [i] of body.entries()) yield { body: body.toSpliced(i, 1), output, end };
    for (const [i] of output.entries()) yield { body, output: output.toSpliced(i, 1), end };
    for (const [i] of body.entries())
      for (const [j] of output.entries()) yield { body: body.toSpliced(i, 1), output: output.toSpliced(j, 1), end };
    for (const [i, line] of output.entries()) {
      if (line.includes('\x1b')) yield { body, output: output.with(i, line.replace(/\x1b\[[0-9;]*m/g, '')), end };
      else
        for (const [at, character] of [...line].entries()) {
          const shorter = [...line].toSpliced(at, 1).join('');
          yield { body, output: output.with(i, shorter), end };
          for (const [j, other] of body.entries())
            if (other.includes(character))
              yield { body: body.with(j, other.replace(character, '')), output: output.with(i, shorter), end };
        }
    }
  },
  complaint,
};

function trial({ body, output, end }: TextCase): Trial {
  return { form: 'text', order: 'exact', body, output: output.map((line) => line + end).join(''), values };
}

function shownLines({ output }: TextCase): string[] {
  return output.map((line) => line.replace(/\x1b\[[0-9;]*m/g, ''));
}

function make(random: Random): TextCase {
  let names = 0;
  const body: string[] = [];
  const output: string[] = [];
  const few = random.list(1, 3, () => word(random));
  for (let left = random.below(7); left > 0; left--) {
    if (random.once(5)) {
      body.push(random.pick(['...', '...', '…', '  ... ', '（中略）']));
      output.push(...random.list(0, 2, () => random.pick(few)));
      continue;
    }
    const quantifier = random.once(3) ? random.pick(['?', '+', '0+']) : undefined;
    const { written, make } = line(
      random,
      few,
      quantifier === undefined && random.once(4) ? () => `v${names++}` : undefined,
    );
    const gap = random.pick(blanks);
    body.push(quantifier === undefined ? written + gap : `${written}${random.pick(['', ' '])}{{${quantifier}}}`);
    const count = { '': [1, 1], '?': [0, 1], '+': [1, 3], '0+': [0, 3] }[quantifier ?? ''] ?? [1, 1];
    output.push(...random.list(count[0] ?? 1, count[1] ?? 1, () => make()));
  }
  if (random.once(4)) output.push(...random.list(1, 2, () => ''));
  const right = { body, output, end: random.once(3) ? '\r\n' : '\n' };
  const of = random.once(3) ? right : changed(random, random.once(2) ? changed(random, right, few) : right, few);
  return { ...of, output: of.output.map((line) => dressed(random, line)) };
}

function word(random: Random): string {
  return random.once(4) ? random.pick(odd) : random.pick(words);
}

/** An expected line, and outputs that it stands for. */
function line(
  random: Random,
  few: readonly string[],
  name: (() => string) | undefined,
): { readonly written: string; readonly make: () => string } {
  const pieces = random.list(1, random.once(3) ? 4 : 1, (): { written: string; make: () => string } => {
    if (random.once(2)) {
      const literal = random.once(2) ? random.pick(few) : word(random);
      return { written: literal, make: () => literal };
    }
    if (random.once(6)) {
      const [key, value] = random.pick(Object.entries(values));
      return { written: `{{${key}}}`, make: () => value };
    }
    const { written, value } = writeHole(random, name?.());
    return { written, make: () => value };
  });
  // A backslash, or two braces, before a placeholder would be its escape.
  let written = '';
  let literal = '';
  const make = () => pieces.map((piece) => piece.make()).join('');
  const flush = (): void => {
    written += writeLiteral(literal);
    literal = '';
  };
  for (const piece of pieces) {
    if (piece.written === piece.make()) literal += piece.written;
    else {
      if (literal.endsWith('\\') || /(?<!\{)\{$/.test(literal)) literal += '.';
      flush();
      written += piece.written;
    }
  }
  flush();
  if (isDots(written.replace(/^(\s*)\\+/, '$1'))) written = written.replace(/\S/, '\\$&');
  if (written.includes('\t') && !written.includes('{{') && random.once(2)) written = withBlanks(written);
  return isWrittenOut(written, make()) ? { written, make } : { written: 'a', make: () => 'a' };
}

/** Does the page's line stand for this one? Else the pieces cannot be put together like this. */
function isWrittenOut(written: string, output: string): boolean {
  return linesFit([written], [output], values);
}

/** The line as a program may print it: with blanks at its end, or coloured. */
function dressed(random: Random, line: string): string {
  const shown = line + random.pick(blanks);
  return random.once(10) ? `\x1b[1;31m${shown}\x1b[0m` : shown;
}

function changed(random: Random, { body, output, end }: TextCase, few: readonly string[] = ['a']): TextCase {
  const i = random.below(output.length + 1);
  const j = random.below(output.length + 1);
  const line = output[i] ?? '';
  const at = random.below([...line].length + 1);
  const other = random.once(2) ? word(random) : random.pick(few);
  switch (random.below(8)) {
    case 0:
      return { body, output: output.toSpliced(i, 1), end };
    case 1:
      return { body, output: output.toSpliced(i, 0, line), end };
    case 2:
      return { body, output: output.toSpliced(i, 0, other), end };
    case 3:
      return { body, output: output.toSpliced(i, 1, other), end };
    case 4:
      return { body, output: output.map((each, k) => (k === i ? (output[j] ?? each) : k === j ? line : each)), end };
    case 5:
      return { body: body.toSpliced(random.below(body.length + 1), 1), output, end };
    case 6:
      return {
        body,
        output: output.toSpliced(i, 1, [...line].toSpliced(at, random.below(2), random.pick(words)).join('')),
        end,
      };
    default:
      return { body, output: output.toSpliced(i, 1, [...line].toSpliced(at, 1).join('')), end };
  }
}

async function complaint(of: TextCase, verdict: Verdict): Promise<string | undefined> {
  return verdict.passed ? ((await badCapture(of, verdict)) ?? (await lostPlaceholder(of))) : badAcceptance(of);
}

/** With what was captured in place of the placeholder, the page has to fit just as well. */
function badCapture({ body, output, end }: TextCase, { captures }: Verdict): Promise<string | undefined> {
  const written = body.map((line) =>
    line.replace(/\{\{(v\d+):(?:\/.*?\/|[^}]*)\}\}/g, (hole, name) => {
      const value = captures[name];
      return value === undefined ? hole : writeLiteral(value);
    }),
  );
  const named = body.flatMap((line) => [...line.matchAll(/\{\{(v\d+):/g)].map((found) => found[1] ?? ''));
  const missing = named.find((name) => captures[name] === undefined);
  if (missing !== undefined) return Promise.resolve(`nothing was captured for ${missing}`);
  // A value at the seam of an escape is written otherwise.
  const seam = written.some(
    (line, i) => line !== body[i] && (line.includes('\\') || isDots(line) || /\{\{\{|\}\}\}/.test(line)),
  );
  return Promise.resolve(
    seam || linesFit(written, shownLines({ body, output, end }), values)
      ? undefined
      : `captured ${JSON.stringify(captures)}, with which the page does not fit`,
  );
}

/** What `accept` writes has to pass, by the product and by the oracle. */
async function badAcceptance(of: TextCase): Promise<string | undefined> {
  const accepted = await accept(of);
  if ('problem' in accepted) return `accept: ${accepted.problem}`;
  const after = { ...of, body: accepted.body };
  const read = readTrial(trial(after));
  if ('refused' in read) return `accept wrote a page that is refused: ${read.refused}`;
  const { passed } = await judge(read.expectation, trial(after), undefined);
  if (!passed || !linesFit(accepted.body, shownLines(of), values))
    return `accept wrote what does not pass:\n${accepted.body.join('\n')}`;
  const dots = (body: readonly string[]): number => body.filter(isDots).length;
  return dots(accepted.body) > dots(of.body) ? `accept wrote an ellipsis:\n${accepted.body.join('\n')}` : undefined;
}

async function accept(of: TextCase): Promise<{ readonly body: string[] } | { readonly problem: string }> {
  const read = readTrial(trial(of));
  if ('refused' in read) return { problem: read.refused };
  const output = await linesOf(trial(of).output);
  const merged = mergeAccepted({ expectation: read.expectation, body: of.body, output, values });
  return 'problem' in merged ? merged : { body: applyHunks(of.body, merged.hunks) };
}

/** One literal line comes otherwise: `accept` keeps the lines with placeholders. */
async function lostPlaceholder(of: TextCase): Promise<string | undefined> {
  if (of.body.some((line) => isDots(line) || /\{\{(?:\?|\+|0\+)\}\}/.test(line))) return undefined;
  const holds = (line: string): boolean => readPieces(line, values).some(({ kind }) => kind === 'hole');
  const at = of.body.findIndex((line) => line.trim() !== '' && !line.includes('{{'));
  if (at < 0) return undefined;
  const other = { ...of, output: of.output.with(at, `other ${of.output[at]}`) };
  const accepted = await accept(other);
  if ('problem' in accepted) return `accept of a changed line ${at + 1}: ${accepted.problem}`;
  const kept = of.body.filter((line, i) => i !== at && holds(line));
  let next = 0;
  for (const line of accepted.body) if (line === kept[next]) next++;
  return next === kept.length
    ? undefined
    : `accept of a changed line ${at + 1} lost ${kept[next]}:\n${accepted.body.join('\n')}`;
}
