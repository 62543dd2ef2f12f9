import type { Judgement } from '../expectation/model.ts';
import type { Command, ExitRule, Hint } from '../runbook/model.ts';
import type { CommandEnd, Verdict } from './model.ts';

/** What a finished command is judged by. */
export type Evidence = {
  readonly end: CommandEnd;
  readonly exit: ExitRule;
  /** Undefined when the step has no expectation. */
  readonly judgement: Judgement | undefined;
  /** Why the output cannot be compared as text, as the rest of a sentence that begins with `output`. */
  readonly garbage: string | undefined;
};

/** Verdict and, unless it passed, one sentence that says why. The only way to `passed` is through the very last line. */
export function judge({ end, exit, judgement, garbage }: Evidence): { verdict: Verdict; reason: string | undefined } {
  switch (end.kind) {
    case 'timed-out':
      return { verdict: 'timed-out', reason: `did not end within ${seconds(end.afterMs)}; its processes were ended` };
    case 'stopped':
      return { verdict: 'errored', reason: 'was stopped before it ended' };
    case 'waits-for-input':
      return {
        verdict: 'errored',
        reason: `${end.program} waits for keys from the terminal, and nobody types in a step`,
      };
    case 'output-lost':
      return { verdict: 'errored', reason: `output was lost: ${end.why}` };
    case 'refused':
      return { verdict: 'errored', reason: `was not run: ${end.why}` };
    case 'disconnected':
      return { verdict: 'errored', reason: `lost the connection to the ${end.to ?? 'shell'}: ${end.why}` };
    case 'shell-exited':
      return {
        verdict: 'errored',
        reason: `ended the shell itself${end.code === undefined ? '' : ` (exit code ${end.code})`}, so its own exit code is unknown`,
      };
    case 'exited':
      break;
  }
  if (exit.kind === 'codes' && !exit.codes.includes(end.code)) {
    return {
      verdict: 'failed',
      reason: `exit code ${end.code}, expected ${exit.codes.join(' or ')}${meaning(end.code)}`,
    };
  }
  // Without an expectation only the exit code counts.
  if (judgement !== undefined && garbage !== undefined) return { verdict: 'failed', reason: `output ${garbage}` };
  if (judgement && !judgement.passed)
    return { verdict: 'failed', reason: judgement.diff.problem ?? 'output is not as expected' };
  return { verdict: 'passed', reason: undefined };
}

/** What helps when a command has ended in a way that no page wants; none for other ends. */
export function hintsForEnd(end: CommandEnd, { language, text }: Command): readonly string[] {
  if (end.kind === 'waits-for-input') return hintsForProgram(end.program);
  if (end.kind !== 'shell-exited') return [];
  const { code } = end;
  const byItself = /\b(exit|logout|exec)\b/.test(text) || code === undefined || code <= 128 || code >= 160;
  if (!byItself)
    return [
      `signal ${code - 128} ended the shell in which the page's steps run; send it to the program meant, not to the shell`,
    ];
  const expected = code === undefined || code === 0 ? '' : `, and \`exit=${code}\` on the step expects its code`;
  if (language === 'bat' || language === 'powershell')
    return [`the page's steps share one shell: \`cmd /c exit ${code ?? 0}\` ends only a shell of its own${expected}`];
  return [
    `the page's steps share one shell: in parentheses, as \`( exit ${code ?? 0} )\`, \`exit\` and \`exec\` end only a subshell${expected}`,
  ];
}

function hintsForProgram(program: string): readonly string[] {
  if (program !== 'sudo') return [];
  return [
    'let sudo run it without a password (NOPASSWD in sudoers), or log in as the user that the step needs; `sudo -n` fails at once instead of asking',
  ];
}

/** The hints to show for a judgement: those whose line is missing, and those for any failure. */
export function hintsFor(hints: readonly Hint[], judgement: Judgement | undefined): readonly string[] {
  const missing = new Set(judgement?.diff.rows.flatMap((row) => (row.kind === 'missing' ? [row.text.trim()] : [])));
  return hints
    .filter((hint) => hint.missing === undefined || missing.has(hint.missing.trim()))
    .map((hint) => hint.text);
}

/** A time as a reason says it. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}

function meaning(code: number): string {
  if (code === 126) return ' (the program could not be executed)';
  if (code === 127) return ' (the program was not found)';
  if (code === 141) return ' (who read its output ended first; `set +o pipefail` allows that)';
  return code > 128 && code < 160 ? ` (ended by signal ${code - 128})` : '';
}
