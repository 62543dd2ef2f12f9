import { randomInt } from 'node:crypto';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import { type Answer, ask } from './ask.ts';
import { readClixml } from './clixml.ts';

/** Whether PowerShell answers on a server, and as which version; or why it does not. */
export type PowerShell =
  | { readonly kind: 'answers'; readonly version: string; readonly language: string }
  | { readonly kind: 'missing'; readonly why: string };

/**
 * Asks PowerShell for a product that nobody knows beforehand: a program of this name that does nothing and ends with 0,
 * as Wine's, does not pass for it.
 */
export async function findPowerShell(connection: SshConnection): Promise<PowerShell> {
  const [a, b] = [randomInt(1000, 1_000_000), randomInt(1000, 1_000_000)];
  const script = `[Console]::Out.Write("product $([long]${a} * ${b}) of $($PSVersionTable.PSVersion) in $((Get-UICulture).TwoLetterISOLanguageName)")`;
  return judgeAnswer(await askPowerShell(connection, script), a * b);
}

/** What PowerShell's answer to a question for a product shows. */
export function judgeAnswer({ output, errors, code }: Answer, product: number): PowerShell {
  const [, found, version, language] = /product (\d+) of (\d+(?:\.\d+)+) in ([a-z]{2})/.exec(output) ?? [];
  if (found === `${product}` && version !== undefined && language !== undefined)
    return { kind: 'answers', version, language };
  const said = readClixml(`${output}\n${errors}`).trim().slice(0, 300);
  const how = code === undefined ? 'was ended' : `ended with ${code}`;
  return {
    kind: 'missing',
    why: `PowerShell does not answer: powershell.exe ${how} and ${said === '' ? 'did not do what it was asked' : `said: ${said}`}`,
  };
}

/** Runs a script in PowerShell beside the session; in cmd and in PowerShell the command line means the same. */
export function askPowerShell(connection: SshConnection, script: string, signal?: AbortSignal): Promise<Answer> {
  const quiet = `$ProgressPreference = 'SilentlyContinue'; ${script}`;
  const command = `powershell.exe -NoLogo -NoProfile -NonInteractive -EncodedCommand ${encodedCommand(quiet)}`;
  return ask(connection, command, signal);
}

/** A script as PowerShell's -EncodedCommand takes it: UTF-16, little-endian, without a byte order mark, in Base64. */
export function encodedCommand(script: string): string {
  return Buffer.from(script, 'utf16le').toString('base64');
}

/**
 * The command that runs a script file in PowerShell. Not by -EncodedCommand: with it Windows PowerShell writes its
 * messages as CLIXML where they go into a pipe; nor by -File, which a policy may forbid.
 */
export function scriptCommand(path: string): string {
  const quoted = path.replaceAll("'", "''").replaceAll('%', '%%');
  return `powershell.exe -NoLogo -NoProfile -NonInteractive -Command ". ([scriptblock]::Create([IO.File]::ReadAllText('${quoted}')))"`;
}
