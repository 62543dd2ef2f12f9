/** A runner that starts a command and never comes to its end: it is to be killed. Arguments: access as JSON, command. */
import type { Access } from '../../runner/sessions/access.ts';
import { openSession } from '../../runner/sessions/open.ts';

const [access = '', command = ''] = process.argv.slice(2);
const session = await openSession(JSON.parse(access) as Access, 'main');
await session.run({
  command,
  timeout: 60_000,
  signal: new AbortController().signal,
  onOutput: (text) => void process.stdout.write(text),
  onSequence: (sequence) => void process.stdout.write(`sequence ${sequence}\n`),
});
process.stdout.write('ended\n');
setInterval(() => undefined, 1000);
