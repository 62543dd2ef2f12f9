import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getProcessor, ParseError } from 'sh-syntax';
import { ansiQuote } from './ansi-quote.ts';

/**
 * A part of a step's text that is typed at once. `whole`: texts that bash parses and runs one after the other, and how a
 * reader of the terminal sees them. `broken`: bash refuses it, and says why when it is typed. `line`: where, counted in the
 * step's text from 1.
 */
export type Statement =
  | { readonly kind: 'whole'; readonly texts: readonly string[]; readonly shown: string; readonly line?: number }
  | { readonly kind: 'broken'; readonly text: string; readonly line: number };

/**
 * Cuts a step's text into the statements that bash would run one after the other at a prompt, so that a failure of
 * each is seen whatever the page does to traps, and a line is parsed after the lines before it ran. They are typed as one
 * line, unless `traced`: what is added to them would be seen.
 */
export async function cutStatements(text: string, traced: boolean): Promise<readonly Statement[]> {
  if (isOneCommand(text)) return [{ kind: 'whole', texts: [text], shown: text }];
  const pieces = await cut(text).catch(unlessTooLong);
  if (pieces === 'too-long') return [{ kind: 'whole', texts: [grouped(text)], shown: text }];
  if (pieces === undefined) return cutBroken(text);
  if (pieces.length === 0) return [{ kind: 'whole', texts: [''], shown: text }];
  return traced || /\bset\b.*[-+]\w*[xv]|xtrace|verbose|DEBUG/.test(text)
    ? oneByOne(pieces)
    : [{ kind: 'whole', texts: pieces, shown: text }];
}

/** Whether a statement is one program with its words, so that nothing of it can run after its failure. */
export function isOneProgram(text: string): boolean {
  return isOneCommand(text) && !/^(?:\.|source|eval|builtin|command|exec|trap)(?:\s|$)/.test(text);
}

/** Words without anything that bash would parse; by far most steps, and nothing to start a parser for. */
function isOneCommand(text: string): boolean {
  return (
    /^[\w./:@%+,-][^\n;&|<>(){}`$"'\\!#*?[\]~=]*(?:"[^"\n$`\\!]*"[^\n;&|<>(){}`$"'\\!#*?[\]~=]*)*$/.test(text) &&
    !/^(?:if|then|else|elif|fi|case|esac|for|select|while|until|do|done|in|function|time|coproc)\b/.test(text)
  );
}

function oneByOne(pieces: readonly string[]): Statement[] {
  return pieces.map((text) => ({ kind: 'whole', texts: [text], shown: text }));
}

/** As far as it is used here: the types of Node do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly RuntimeError: new () => Error;
  readonly instantiate: (module: object, imports: unknown) => Promise<Instance>;
};
type Instance = Awaited<ReturnType<Parameters<typeof getProcessor>[0]>> & object;

const semicolon = ';'.charCodeAt(0);
let wasm: object | undefined;

/** Compiled once, since that takes longer than a hundred texts. */
const parse = getProcessor(((imports: unknown) => {
  wasm ??= new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve('sh-syntax/main.wasm'))));
  return WebAssembly.instantiate(wasm, imports);
}) as Parameters<typeof getProcessor>[0]);

/** The top-level statements; undefined when the text is not the whole of any. */
async function cut(text: string): Promise<readonly string[] | undefined> {
  const file = await parse(text).catch(unlessParseError);
  if (file === undefined || typeof file === 'string') return undefined;
  const bytes = Buffer.from(text);
  const hasHereDocument = text.includes('<<');
  const pieces = file.Stmts.map(({ Pos, Semicolon }, index) => {
    const cutBefore = !hasHereDocument && Semicolon.Line > 0 && bytes[Semicolon.Offset] === semicolon;
    const end = cutBefore ? Semicolon.Offset : file.Stmts[index + 1]?.Pos.Offset;
    return bytes.toString('utf8', Pos.Offset, end).trimEnd();
  });
  return hasHereDocument ? joinHereDocuments(pieces) : pieces;
}

/** The body of a here-document stands after the whole line: statements of one line stay together where one has it. */
async function joinHereDocuments(pieces: readonly string[]): Promise<readonly string[]> {
  const joined: string[] = [];
  let open = '';
  for (const piece of pieces) {
    const text = open + piece;
    const complete = (await parse(text).catch(unlessParseError)) !== undefined;
    open = complete ? '' : `${text} `;
    if (complete) joined.push(text);
  }
  return open === '' ? joined : [...joined, open];
}

function unlessParseError(error: unknown): undefined {
  if (error instanceof ParseError || error instanceof SyntaxError) return undefined;
  throw error;
}

/** The parser has memory for about a megabyte. */
function unlessTooLong(error: unknown): 'too-long' {
  if (error instanceof WebAssembly.RuntimeError) return 'too-long';
  throw error;
}

/** Cuts a text that the parser refuses. What bash itself says decides. */
async function cutBroken(text: string): Promise<readonly Statement[]> {
  const fault = faultOf(text);
  const lines = text.split('\n');
  for (
    let count = Math.min(fault.kind === 'refused' ? fault.line : lines.length, lines.length) - 1;
    count > 0;
    count--
  ) {
    const before = await cut(lines.slice(0, count).join('\n'));
    if (before !== undefined) return [...oneByOne(before), rest(lines.slice(count), count)];
  }
  return [rest(lines, 0)];

  function rest(left: readonly string[], before: number): Statement {
    const part = left.join('\n');
    switch (fault.kind) {
      case 'refused': {
        const typed = left.slice(0, Math.max(1, fault.line - before)).join('\n');
        // What a prompt would want more of is not typed there.
        const alone = faultOf(typed);
        if (alone.kind !== 'refused' || !/^syntax error near unexpected token (?!`newline')/.test(alone.said))
          return { kind: 'whole', texts: [complaining(fault.said)], shown: part, line: fault.line };
        return { kind: 'broken', text: typed, line: fault.line };
      }
      case 'unfinished':
        return { kind: 'whole', texts: [complaining(fault.said)], shown: part, line: fault.line };
      case 'none':
        return { kind: 'whole', texts: [grouped(part)], shown: part };
    }
  }
}

/** As one command, so that nothing of it runs unless bash can parse all of it. */
function grouped(text: string): string {
  return `{ ${text}\n\n}`;
}

/** At a prompt bash would wait for the rest. It says what it says of a script. */
function complaining(said: string): string {
  return `{ builtin printf 'bash: %s\\n' $'${ansiQuote(said)}' >&2; (builtin exit 2); }`;
}

type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'unfinished' | 'refused'; readonly line: number; readonly said: string };

/** What bash has against a text: that it ends too early, a line of it, or nothing. */
function faultOf(text: string): Fault {
  const { stderr } = spawnSync('bash', ['-O', 'extglob', '-n', '-c', '--', text], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [, number, said] = /: line (\d+): (?:warning: )?(.*)/.exec(stderr ?? '') ?? [];
  if (number === undefined || said === undefined) return { kind: 'none' };
  const unfinished = /unexpected EOF|unexpected end of file|delimited by end-of-file/.test(said);
  return { kind: unfinished ? 'unfinished' : 'refused', line: Number(number), said };
}
