import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ansiQuote } from './ansi-quote.ts';
import { packNumber, type StatementNumber } from './marks.ts';
import { isOneProgram } from './statements.ts';

/** Arguments that make bash an interactive shell which reads no file of the host. */
export const bashArguments = ['bash', '--norc', '--noprofile', '-i'] as const;

/** What readline prints when it begins to take keys (bracketed paste on). */
export const readlineOn = '\x1b[?2004h';
/** What it prints when a line is complete. */
export const readlineOff = '\x1b[?2004l';

/** Keys that end an unfinished paste and empty readline's line, whatever a reader or a killed runner left in it. */
export const clearLine = '\x1b[201~\x05\x15';

/** What distinguishes kinds of shells that bash serves. */
export type ShellKind = {
  /** How a statement ended. */
  readonly code: string;
  /** What bash shows as its prompt. */
  readonly prompt: string;
  /** Commands of bash that set it up, after all else. */
  readonly setup: readonly string[];
  /** Whether the first command that fails within a statement ends it. */
  readonly stopsInside: boolean;
};

const bashKind: ShellKind = {
  code: '${__tejun[code]}',
  prompt: '\\u@\\h:\\w\\$ ',
  setup: [],
  stopsInside: true,
};

/** The shell functions of `shell-functions.sh`, without comments. They are typed: each key costs readline two system calls. */
const functions = readFileSync(join(import.meta.dirname, 'shell-functions.sh'), 'utf8')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('#'))
  .join('\n');

/**
 * The state of the shell integration. Each slot is an array of one member: bash never gives an array to a program's
 * environment, and reads the first member, which needs no subscript, in half the time of another.
 */
const slots = {
  number: 0,
  beforeText: 1,
  code: 2,
  options: 3,
  failed: 4,
  endMarks: 5,
  readyMark: 6,
  shown: 7,
  nonce: 8,
  interrupt: 9,
  awaited: 10,
  stderr: 11,
  stdin: 12,
  errAction: 13,
  debugAction: 14,
  returnAction: 15,
  flags: 16,
  kept: 17,
  errTrap: 18,
  work: 19,
  status: 20,
  consumers: 21,
  beginMark: 22,
  announced: 23,
  argument: 24,
  pipe: 25,
  noted: 26,
  promptText: 27,
  after: 28,
  promptMark: 29,
  flagsMark: 30,
  nameMark: 31,
  over: 32,
  quiet: 33,
  nest: 34,
  disabled: 35,
  between: 36,
  pipeText: 37,
  hidden: 38,
  inTrap: 39,
  beforeNumber: 40,
  afterNumber: 41,
  waited: 42,
  substitutes: 43,
  ending: 44,
  childAction: 45,
} as const;

/** The variable of a slot; short, because it is typed with each statement. */
function variable(slot: keyof typeof slots): string {
  return slot === 'number' ? '__tejun' : `__tj${slots[slot]}`;
}

/** Writes the slots' variables where a text names them as members of `__tejun`. */
function numbered(text: string): string {
  return text.replace(/__tejun\[(\w+)\]/g, (found, name: string) =>
    name in slots ? variable(name as keyof typeof slots) : found,
  );
}

/**
 * The line that is typed into a fresh bash. It is typed, not read from a file, because a host may see other file
 * systems and another user than the runner; and so the nonce is in no argument list and no environment.
 */
export function bootstrapLine(
  nonce: string,
  columns: number,
  rows: number,
  startIn?: string,
  { code, prompt, setup, stopsInside }: ShellKind = bashKind,
): string {
  const filled = numbered(
    functions
      .replaceAll('@CODE@', () => code)
      .replaceAll('@PROMPT@', () => prompt)
      .replaceAll('@ERR@', stopsInside ? '__tejun_err' : 'false'),
  );
  const lines = [
    'unset HISTFILE MAILCHECK TMOUT PROMPT_COMMAND',
    'set +H',
    'set -o pipefail',
    // As at a prompt, though the text goes through eval: `exec` of a program that is not there does not end the shell.
    'shopt -s execfail',
    'HISTCONTROL=ignorespace',
    // What is pasted would be drawn twice.
    "bind 'set enable-active-region off' 2>/dev/null",
    `declare -a __tejun=0 __tj{1..${Math.max(...Object.values(slots))}}=`,
    numbered(`__tejun[nonce]='${nonce}'`),
    `builtin eval $'${ansiQuote(filled)}'`,
    `stty sane cols ${columns} rows ${rows}`,
    // In another directory than the page means, its commands would be other commands.
    startIn === undefined ? 'cd 2>/dev/null' : `cd -- $'${ansiQuote(startIn)}' || exit`,
    ...setup,
    'history -c',
  ];
  return ` ${lines.join('; ')}\r`;
}

/** What the shell said with its prompt, which decides how the next statement is typed. */
export type PromptFlags = {
  /** `set -x`, `set -v`, or a DEBUG trap of the page: whatever we add to a statement would be seen. */
  readonly traced: boolean;
  /** `$?` has to be put back before the statement. */
  readonly status: boolean;
  /** The page has redirected the shell's own stdin or stderr; this has to be put back before the statement. */
  readonly redirected: boolean;
  /** How the parts of the last pipeline ended, where it had several. */
  readonly pipe: readonly number[];
};

/** Reads the flags of a prompt's mark, and its exit statuses, each with a point after it. */
export function promptFlags(letters: string, pipe: string): PromptFlags {
  return {
    traced: letters.includes('x'),
    status: letters.includes('r'),
    redirected: letters.includes('f'),
    pipe: pipe.split('.').filter(Boolean).map(Number),
  };
}

/**
 * The keys that run statements, one after the other until one fails: one line in a bracketed paste, which evaluates each
 * text, so that several lines, here-documents and top-level `declare` work, and a text is parsed when those before it have
 * run. Everything but printable ASCII is escaped, so that neither readline nor the host's locale can change it. The text
 * itself sets its number: without one no end is told, so an `eval` that did not run its text never looks like its failure.
 */
export function statementKeys(texts: readonly string[], number: StatementNumber, flags: PromptFlags): string {
  const parts = texts.map((text, index) => {
    const last = index === texts.length - 1;
    const looksAtPipe = text.includes('PIPESTATUS');
    const pipeline = looksAtPipe && index === 0 ? pipeLine(flags.pipe) : '';
    const isChanged = index === 0 && (flags.status || flags.redirected);
    const prologue = numbered(noting(text) + (isChanged ? restoreLine : lastArgument(text)));
    // Without a number nothing that fails is ended, so that the pipeline comes before it.
    const [early, late] = pipeline === '' ? ['', prologue] : [prologue + pipeline, ''];
    const words = [
      looksAtPipe && index > 0 ? stored('pipeText') : '',
      early === '' ? '' : `$'${ansiQuote(early)}'`,
      `${stored('beforeNumber')}${packNumber(number, last && isOneProgram(text))}${stored('afterNumber')}`,
      `$'${ansiQuote(late + text)}'`,
      stored(last ? 'after' : 'between'),
    ];
    return ` \\builtin eval ${words.join('')}`;
  });
  return paste(parts.join(';'));
}

/** What a slot holds, as a part of a word. */
function stored(slot: keyof typeof slots): string {
  return `"$${variable(slot)}"`;
}

/** A pipeline that ends as the last one did; empty where that was none. */
function pipeLine(pipe: readonly number[]): string {
  return pipe.length === 0 ? '' : `${pipe.map((code) => `(builtin exit ${code})`).join('|')}\n`;
}

const restoreLine = '__tejun_restore "${__tejun[argument]}"\n';

function lastArgument(text: string): string {
  return /\$\{?_(?!\w)/.test(text) ? restoreLine : '';
}

/**
 * What the shell has to know of a text: builtins that it switches off are switched on again after it; and from the first
 * `>(…)` on the shell looks for such processes after each statement.
 */
function noting(text: string): string {
  const flags = [/\benable\b/.test(text) && '__tejun[disabled]=1', text.includes('>(') && '__tejun[substitutes]=1'];
  const told = flags.filter((flag) => flag !== false).join(',');
  return told === '' ? '' : `case $((${told})) in x) ;; esac\n`;
}

/** The keys before those of a statement that is typed as it is: they number it, and put back what is to be. */
export function announceKeys(number: StatementNumber): string {
  return paste(numbered(` __tejun_announce ${packNumber(number, false)} "\${__tejun[argument]}"`));
}

/** Whether a statement can be typed as it is: without characters that a terminal or readline would take for keys. */
export function isTypable(text: string): boolean {
  return !/[\0-\x08\x0b-\x1f\x7f]/.test(text);
}

/** The keys of a statement as it is. */
export function plainKeys(text: string): string {
  return paste(` ${text}`);
}

function paste(line: string): string {
  return `\x1b[200~${line}\x1b[201~\r`;
}
