import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { ansiQuote } from '../ansi-quote.ts';
import { chooseArrival, hear, notArrived, usualLoginTimeout } from './arrival.ts';
import type { SshConnection } from './ssh-connection.ts';

/** How a script on a server ended. */
export type ScriptEnd = { readonly code: number | undefined; readonly output: string; readonly errors: string };

/** Runs a bash script on a server, in the environment of a login, without a terminal; `code` undefined: it was cut off. */
export async function runScript(
  connection: SshConnection,
  script: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ScriptEnd> {
  const { words, pattern } = chooseArrival();
  const channel = await connection.exec(`exec bash -lc '${words}; exec env -u BASH_ENV bash --norc --noprofile -s'`);
  const limit = connection.settings.loginTimeout ?? usualLoginTimeout;
  const heard = await hear(channel, pattern, limit);
  if (heard.kind !== 'found') {
    channel.close();
    throw notArrived(connection.address, heard, limit);
  }
  // What a trap of the profile prints comes before the mark, and is none of the script's.
  const mark = randomBytes(8).toString('hex');
  const exports = Object.entries(environment).map(([key, value]) => `export ${key}=$'${ansiQuote(value)}'`);
  let output = '';
  let errors = '';
  let code: number | undefined;
  channel.on('data', (text: string) => {
    output += text;
  });
  channel.stderr.on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  channel.on('exit', (status: number | null) => {
    code = status ?? undefined;
  });
  channel.end(`{\n${exports.join('\n')}\nbuiltin printf '\\n%s\\n' ${mark}\ncd\n${script}\nexit\n} </dev/null\n`);
  await once(channel, 'close');
  const begin = output.indexOf(`${mark}\n`);
  return {
    code: begin < 0 && code === 0 ? undefined : code,
    output: begin < 0 ? '' : output.slice(begin + mark.length + 1),
    errors,
  };
}
