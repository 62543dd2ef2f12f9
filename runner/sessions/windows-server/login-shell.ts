import type { WindowsLogin } from '../ssh/ssh-access.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import { SshError } from '../ssh/ssh-error.ts';
import { ask } from './ask.ts';

/** What runs the commands of a login on Windows. */
export type LoginShell = 'cmd' | 'powershell';

/** Finds out what runs a login's commands, by letting it say two words that each of them takes for something else. */
export async function findLoginShell(
  connection: SshConnection,
  host: string,
  { shell }: WindowsLogin,
): Promise<LoginShell> {
  const { output } = await ask(connection, 'echo %ComSpec% $PSHOME');
  const found = loginShellOf(output);
  if (found === undefined) {
    throw new SshError(
      'shell',
      `a login on ${host} lands neither in cmd nor in PowerShell: \`echo %ComSpec% $PSHOME\` printed ${JSON.stringify(output.trim().slice(0, 200))}`,
      'is it a Windows server? in the lab file `system: windows` says so; the registry value DefaultShell decides what sshd runs',
    );
  }
  if (shell !== undefined && shell !== found) {
    throw new SshError(
      'shell',
      `a login on ${host} lands in ${found}, and the lab file says \`shell: ${shell}\``,
      `write \`shell: ${found}\`, or leave it out; the registry value DefaultShell on the server decides what it is`,
    );
  }
  return found;
}

/** What printed this answer to `echo %ComSpec% $PSHOME`. */
export function loginShellOf(answer: string): LoginShell | undefined {
  const text = answer.trim();
  if (/cmd\.exe\s+\$PSHOME$/i.test(text)) return 'cmd';
  return /^%ComSpec%\s+[A-Z]:\\/i.test(text) ? 'powershell' : undefined;
}

/** The command line that starts what waits for the numbers of steps, in each of the shells. */
export function loopCommand(shell: LoginShell, folder: string): string {
  const file = (name: string): string => {
    const path = `${folder}\\${name}`;
    return /^[\w.:\\~-]+$/.test(path) ? path : `"${path}"`;
  };
  const cmd = 'cmd.exe /d /q /v:off /c';
  // PowerShell takes its standard input for itself and hands it on line by line.
  return shell === 'cmd' ? `${cmd} ${file('loop.bat')}` : `ForEach-Object { ${cmd} ${file('run.bat')} $_ }`;
}
