import { randomBytes } from 'node:crypto';
import type { SessionOptions } from '../open-session.ts';
import { usualLoginTimeout } from '../ssh/arrival.ts';
import { connect } from '../ssh/connect.ts';
import type { SshAccess } from '../ssh/ssh-access.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import { SshError } from '../ssh/ssh-error.ts';
import { ask } from './ask.ts';
import { loopBatch, runBatch } from './batch-files.ts';
import { codePage, decodeAll } from './code-page.ts';
import { findLoginShell, loopCommand } from './login-shell.ts';
import { RemoteFiles } from './remote-files.ts';
import { WindowsSession } from './windows-session.ts';

/** Opens a session on a Windows server: a connection of its own, a folder there, and a process that waits for steps. */
export async function startWindowsSession(
  access: SshAccess,
  name: string,
  { openTimeout = access.server.loginTimeout ?? usualLoginTimeout, signal }: SessionOptions = {},
): Promise<WindowsSession> {
  const limit = AbortSignal.any([AbortSignal.timeout(openTimeout), ...(signal === undefined ? [] : [signal])]);
  const connection = await connect(access.server, limit);
  // What hangs now would hang for ever: the end of the connection ends it.
  const late = () => connection.close();
  limit.addEventListener('abort', late, { once: true });
  try {
    return await openWindowsOn(connection, access, name);
  } catch (error) {
    connection.close();
    signal?.throwIfAborted();
    if (limit.aborted) throw new Error(`host ${access.host}: no shell came up within ${openTimeout / 1000} s`);
    throw error;
  } finally {
    limit.removeEventListener('abort', late);
  }
}

/** The same on a connection that is there, which then belongs to the session. */
export async function openWindowsOn(
  connection: SshConnection,
  access: SshAccess,
  name: string,
): Promise<WindowsSession> {
  const { host, windows = {}, startIn, environment } = access;
  const shell = await findLoginShell(connection, host, windows);
  const page = codePage(windows.codePage ?? (await findCodePage(connection)));
  const answer = await ask(connection, 'cmd.exe /d /c echo %TEMP%');
  const temporary = decodeAll(page, Buffer.from(answer.output, 'latin1')).trim();
  if (!/^[A-Z]:\\[^"%*?<>|&^]*$/i.test(temporary) || !temporary.isWellFormed()) {
    throw new SshError(
      'shell',
      `${host} does not say where its temporary files are: \`echo %TEMP%\` printed ${JSON.stringify(temporary.slice(0, 200))}`,
      'steps are written there before they run: give the login a TEMP',
    );
  }
  const files = await RemoteFiles.over(connection);
  const path = `${temporary}\\tejun-${randomBytes(8).toString('hex')}`;
  const secret = randomBytes(16).toString('hex');
  await files.makeFolder(path);
  const folder = { path, secret, codePage: page.number };
  for (const [file, text] of Object.entries({ 'loop.bat': loopBatch(folder), 'run.bat': runBatch(folder) }))
    await files.write(`${path}\\${file}`, page.encode(text) ?? Buffer.alloc(0));
  const channel = await connection.exec(loopCommand(shell, path));
  const session = new WindowsSession({ host, name, connection, channel, files, folder: path, secret, page, shell });
  try {
    await session.begin(startIn, environment);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** The code page that programs there use for their consoles. */
async function findCodePage(connection: SshConnection): Promise<number> {
  const { output } = await ask(connection, 'chcp');
  return Number(/(\d+)\D*$/.exec(output)?.[1] ?? 0);
}
