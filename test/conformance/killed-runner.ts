/** A runner that starts a command and never comes to its end: it is to be killed. Arguments: access as JSON, command. */
import { openLocalSession } from '../../runner/sessions/open-session.ts';
import type { HostAccess } from '../../runner/sessions/session.ts';

const [access = '', command = ''] = process.argv.slice(2);
const session = await openLocalSession(JSON.parse(access) as HostAccess, 'main');
await session.run({
  command,
  timeout: 60_000,
  signal: new AbortController().signal,
  onOutput: (text) => void process.stdout.write(text),
  onSequence: (sequence) => void process.stdout.write(`sequence ${sequence}\n`),
});
process.stdout.write('ended\n');
setInterval(() => undefined, 1000);
