import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { HostAccess } from '../sessions/session.ts';
import { LabError } from './lab-error.ts';

/** A script to run on a host, and the name by which a message calls it. */
export type HostScript = { readonly name: string; readonly text: string };

/**
 * Runs a bash script on a host and returns what it printed; rejects when it fails. Its output goes through the file
 * `log`, because a server that it starts may keep it open.
 */
export async function runOnHost(
  access: HostAccess,
  script: HostScript,
  log: string,
  signal?: AbortSignal,
): Promise<string> {
  const [program = '', ...enter] = [...access.enter, 'bash'];
  const output = openSync(log, 'w');
  const child = spawn(program, [...enter, '--norc', '--noprofile', '-euo', 'pipefail', '-c', `cd; ${script.text}`], {
    cwd: '/',
    env: { ...access.environment },
    stdio: ['ignore', output, output],
    ...(signal && { signal }),
  });
  closeSync(output);
  const [code, by] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const printed = readFileSync(log, 'utf8');
  if (code === 0) return printed;
  const last = printed.trim().split('\n').slice(-12).join('\n    ');
  throw new LabError(
    `${script.name} ended with ${code ?? by} on host ${access.host}:\n    ${last || '(it printed nothing)'}`,
  );
}
