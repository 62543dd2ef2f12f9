/** A runner that starts a command over SSH and never comes to its end: it is to be killed. Arguments: access, command. */
import { openSshSession } from '../../runner/sessions/ssh/open-ssh-session.ts';
import type { SshAccess } from '../../runner/sessions/ssh/ssh-access.ts';

const [access = '', command = ''] = process.argv.slice(2);
const session = await openSshSession(JSON.parse(access) as SshAccess, 'steps');
await session.run({
  command,
  timeout: 60_000,
  signal: new AbortController().signal,
  onOutput: (text) => void process.stdout.write(text),
});
