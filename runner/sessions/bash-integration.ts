import { encodeSurrogateText } from './surrogate-text.ts';

/** Arguments that make bash an interactive shell which reads no file of the host. */
export const bashArguments = ['bash', '--norc', '--noprofile', '-i'] as const;

/** What readline prints when it begins to take keys (bracketed paste on). */
export const readlineOn = '\x1b[?2004h';
/** What it prints when a line is complete. */
export const readlineOff = '\x1b[?2004l';

// Without stderr, so that `set -x` does not trace it into the output. `trap - ERR` not within the function: bash gives
// a function's ERR trap back at its end.
const promptCommand = '{ __tejun_prompt; builtin trap - ERR; set +E; } 2>/dev/null';

/** Keys that end an unfinished paste and empty readline's line, whatever a reader or a killed runner left in it. */
export const clearLine = '\x1b[201~\x05\x15';

/** What distinguishes kinds of shells that bash serves. */
export type ShellKind = {
  /** What tells how a command ended; `$e` is its exit status. */
  readonly code: string;
  /** What bash shows as its prompt. */
  readonly prompt: string;
  /** Commands of bash that set it up, after all else. */
  readonly setup: readonly string[];
};

const bashKind: ShellKind = { code: '$e', prompt: '\\u@\\h:\\w\\$ ', setup: [] };

/**
 * The line that is typed into a fresh bash. It is typed, not read from a file, because a host may see other file
 * systems and another user than the runner; and so the nonce is in no argument list and no environment.
 * The marks go to /dev/tty, because a step may `exec >file`.
 */
export function bootstrapLine(
  nonce: string,
  columns: number,
  rows: number,
  startIn?: string,
  { code, prompt, setup }: ShellKind = bashKind,
): string {
  const mark = (body: string) => `builtin printf '\\e]133;${body}\\a' `;
  const lines = [
    'unset HISTFILE MAILCHECK TMOUT',
    'set +H',
    'set -o pipefail',
    // As at a prompt, though the text is sourced: `exec` of a program that is not there does not end the shell.
    'shopt -s execfail',
    'HISTCONTROL=ignorespace __tejun_s=',
    `__tejun_prompt() { local e=$?; [[ $__tejun_s ]] && ${mark(`D;%s;n=${nonce};s=%s`)}"${code}" "$__tejun_s" >/dev/tty; ` +
      `__tejun_s=; PS1='\\[\\e]133;A;n=${nonce}\\a\\]${prompt}\\[\\e]133;B;n=${nonce}\\a\\]'; return 0; }`,
    `__tj() { PROMPT_COMMAND='${promptCommand}'; __tejun_s=$1; ` + `${mark(`C;n=${nonce};s=%s`)}"$1" >/dev/tty; }`,
    // One group: an expansion error (`set -u`, `${x:?}`, 1/0) fires no trap and only discards the command that is being
    // run, so that the lines after it would still run. The empty line is for a command that ends with a backslash.
    `readonly __ta=$'{ builtin trap \\'return $?\\' ERR;set -E;exec 219<&-;' __tz=$'\\n\\n}'`,
    'readonly -f __tejun_prompt __tj',
    `PROMPT_COMMAND='${promptCommand}'`,
    `stty sane cols ${columns} rows ${rows}`,
    // In another directory than the page means, its commands would be other commands.
    startIn === undefined ? 'cd 2>/dev/null' : `cd -- $'${ansiQuote(startIn)}' || exit`,
    ...setup,
    'history -c',
  ];
  return ` ${lines.join('; ')}\r`;
}

/**
 * The keys that run `command` as number `sequence`: one line in a bracketed paste, which sources the text, so that
 * several lines, here-documents and top-level `declare` work, and the ERR trap returns from it at the first failure.
 * Short, because readline makes two system calls for each key.
 * Everything but printable ASCII is escaped, so that neither readline nor the host's locale can change it.
 */
export function commandKeys(command: string, sequence: number): string {
  return `\x1b[200~ __tj ${sequence};. /dev/fd/219 219<<<"$__ta"$'${ansiQuote(command)}'"$__tz"\x1b[201~\r`;
}

/** The inside of `$'…'` for any text without NUL. */
export function ansiQuote(text: string): string {
  if (/^[\n\x20-\x7e]*$/.test(text)) {
    return text.replace(/[\n'\\!]/g, (found) => (found === '\n' ? '\\n' : found === '!' ? '\\x21' : `\\${found}`));
  }
  const parts: string[] = [];
  for (const byte of encodeSurrogateText(text)) parts.push(escaped[byte] ?? '');
  return parts.join('');
}

const escaped = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  if (char === '\n') return '\\n';
  if (char === "'" || char === '\\') return `\\${char}`;
  return byte >= 0x20 && byte < 0x7f && char !== '!' ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
});
