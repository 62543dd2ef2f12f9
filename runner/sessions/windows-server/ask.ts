import { once } from 'node:events';
import type { SshConnection } from '../ssh/ssh-connection.ts';

/** What a command on a server printed, byte for byte as Latin-1, and how it ended; undefined: it was cut off. */
export type Answer = { readonly output: string; readonly errors: string; readonly code: number | undefined };

/** How long an answer may take, in milliseconds. PowerShell's first start on a busy server takes its time. */
const limit = 30_000;

/** Runs a short command on a server, without a terminal and without input. */
export async function ask(connection: SshConnection, command: string, signal?: AbortSignal): Promise<Answer> {
  const channel = await connection.exec(command);
  const found = { output: '', errors: '' };
  let code: number | undefined;
  channel.setEncoding('latin1').on('data', (text: string) => {
    found.output = (found.output + text).slice(-65_536);
  });
  channel.stderr.setEncoding('latin1').on('data', (text: string) => {
    found.errors = (found.errors + text).slice(-65_536);
  });
  channel.on('exit', (status: number | null) => {
    code = status ?? undefined;
  });
  channel.on('error', () => undefined);
  const end = AbortSignal.any([AbortSignal.timeout(limit), ...(signal === undefined ? [] : [signal])]);
  const closed = once(channel, 'close', { signal: end });
  channel.end();
  try {
    await Promise.race([closed, connection.lost]);
  } catch {
    channel.close();
  }
  return { ...found, code };
}
