import type { Language } from '../../../core/runbook/model.ts';
import { ansiQuote } from '../ansi-quote.ts';
import type { ShellKind } from '../bash-integration.ts';
import type { Statement } from '../statements.ts';
import { cmdLines } from './cmd-lines.ts';

/** Why cmd is not given a step's text; undefined when it is. */
export function cmdRefusal(command: string, language?: Language): string | undefined {
  if (language === 'powershell')
    return 'it is for PowerShell, and this host runs in Wine, whose PowerShell is a program that ends with 0 and does nothing';
  const found = cmdLines(command);
  return found.kind === 'refused' ? found.why : undefined;
}

/** What makes the shell run a step's text in cmd. */
export function cmdStatement(command: string): Statement {
  const found = cmdLines(command);
  const lines = found.kind === 'lines' ? found.lines : [];
  return { kind: 'whole', texts: [`__tejun_cmd $'${ansiQuote(lines.join('\n'))}'`], shown: command };
}

/**
 * What a bash that runs steps in cmd learns besides: it is the same bash, on the host's Linux side, and every step is
 * one run of cmd.pl. `__tejun_r` is the code with which the step ended, which does not fit in an exit status.
 */
const setup: readonly string[] = [
  // What a killed session with the same pid left would be taken for our own.
  '__tejun_d=; rm -rf "/run/cmd/$$"',
  // The name is the shell's own pid: sessions of a host do not meet.
  `__tejun_cmd() { local e r; __tejun_r=; r=$(/usr/bin/perl /run/windows/cmd.pl "/run/cmd/$$" 3>&1 >/dev/tty 2>&1 <<<"$1"); e=$?; ` +
    `((e)) && return "$e"; case $r in x*) r=\${r%% *}; builtin exit "\${r#x}" 2>/dev/null ;; ` +
    `[0-9-]*) __tejun_r=\${r%% *} __tejun_d=\${r#* } ;; *) builtin exit 125 2>/dev/null ;; esac; [[ $__tejun_r == 0 ]]; }`,
  'readonly -f __tejun_cmd',
  `trap 'rm -rf "/run/cmd/$$"' EXIT`,
  // Asks for the first directory, and what the variables are before a step changes them.
  `__tejun_cmd '' || exit`,
  '__tejun_r=',
];

/** A bash whose steps run in cmd. */
export const cmdKind: ShellKind = {
  code: '${__tejun_r:-${__tejun[code]}}',
  prompt: '${__tejun_d}>',
  setup,
  stopsInside: false,
};
