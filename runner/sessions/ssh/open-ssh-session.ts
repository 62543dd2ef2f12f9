import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ansiQuote } from '../ansi-quote.ts';
import { bootstrapLine } from '../bash-integration.ts';
import type { SessionOptions } from '../open-session.ts';
import type { TerminalSession } from '../session.ts';
import { startWindowsSession } from '../windows-server/start-windows-session.ts';
import { chooseArrival, usualLoginTimeout } from './arrival.ts';
import { connect } from './connect.ts';
import { RemoteHelper } from './remote-helper.ts';
import { RemoteTerminal } from './remote-terminal.ts';
import type { SshAccess } from './ssh-access.ts';
import type { SshConnection } from './ssh-connection.ts';
import { SshSession } from './ssh-session.ts';

/**
 * Opens session `name` on a server: a connection of its own, on it a bash with a terminal and a helper beside it, or
 * what runs steps on Windows.
 * Rejects when there is one of this name already, or with what is wrong.
 */
export async function openSshSession(
  access: SshAccess,
  name: string,
  options: SessionOptions = {},
): Promise<TerminalSession> {
  const sessions = opened.get(access.directory) ?? new Map<string, TerminalSession | undefined>();
  opened.set(access.directory, sessions);
  if (sessions.has(name) && sessions.get(name)?.over === undefined) {
    throw new Error(
      `session ${name} on host ${access.host} is in use by this process; wait until it ends, or end it, and try again`,
    );
  }
  sessions.set(name, undefined);
  try {
    const session = await (access.windows === undefined ? start : startWindowsSession)(access, name, options);
    sessions.set(name, session);
    return session;
  } catch (error) {
    sessions.delete(name);
    throw error;
  }
}

/** Closes the sessions that this process has open for a host's directory. */
export async function closeSshSessions(directory: string): Promise<void> {
  const sessions = [...(opened.get(directory)?.values() ?? [])];
  opened.delete(directory);
  await Promise.all(sessions.map((session) => session?.close()));
}

/** Whether this process has a session open for a host's directory whose connection is there. */
export function hasSshSession(directory: string): boolean {
  return [...(opened.get(directory)?.values() ?? [])].some(
    (session) => session !== undefined && session.over === undefined,
  );
}

/** Open sessions by their host's directory and name; undefined for one that is being opened. */
const opened = new Map<string, Map<string, TerminalSession | undefined>>();

async function start(access: SshAccess, name: string, options: SessionOptions): Promise<SshSession> {
  const connection = await connect(access.server, options.signal);
  return openShellOn(connection, access, name, options);
}

/**
 * The same on a connection that is there, which then belongs to the session. It has a login's environment, but a shell
 * without the host's aliases, functions and prompts: the outer bash reads the profile. Without an inputrc of the host, whose
 * keys may mean something else.
 */
export async function openShellOn(
  connection: SshConnection,
  access: SshAccess,
  name: string,
  options: SessionOptions = {},
): Promise<SshSession> {
  const { host, startIn, environment } = access;
  const { columns = 120, rows = 30, openTimeout = connection.settings.loginTimeout ?? usualLoginTimeout } = options;
  try {
    const { words, pattern } = chooseArrival();
    // The shell's channel is asked for first: where there is only one, it has it.
    const opening = connection.exec(`exec bash -lc '${words}; exec env INPUTRC=/dev/null bash --norc --noprofile -i'`, {
      term: 'xterm-256color',
      cols: columns,
      rows,
      width: 0,
      height: 0,
    });
    const helping = RemoteHelper.start(connection);
    const channel = await opening;
    // It begins with a sign that is seldom typed: what may be the beginning of it is shown late to those who must not see it.
    const nonce = `@${randomBytes(16).toString('hex')}`;
    const sign = randomBytes(8).toString('hex');
    const session = new SshSession(host, name, connection, channel, nonce);
    const line = preparation(environment, sign) + bootstrapLine(nonce, columns, rows, startIn);
    const seen = await session.bootstrap(line, pattern, openTimeout, options.signal);
    const shell = new RegExp(`shell (\\d+) of ${sign}`).exec(seen)?.[1];
    const helper = await Promise.race([helping, sleep(helperPatience, 'bash does not answer', { ref: false })]);
    const remote =
      typeof helper === 'string' || shell === undefined ? undefined : await RemoteTerminal.of(helper, Number(shell));
    if (remote === undefined) {
      const why = typeof helper === 'string' ? helper : 'it does not see the shell';
      options.onNotice?.(`host ${host}: ${withoutHelper(why)}`);
    } else session.watchOver(remote);
    return session;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** How long a shell that is ready waits for its helper, in milliseconds. */
const helperPatience = 10_000;

/** What follows when no helper runs beside a shell. */
export function withoutHelper(why: string): string {
  const [reason = ''] = why.split('\n');
  return `no helper runs beside the shell (${reason}): a command that waits for keys ends only by its time limit, and what ignores a hang-up, as after \`nohup\`, goes on when the session has ended`;
}

/** The line that is typed first: variables, and which process the shell is. */
function preparation(environment: Readonly<Record<string, string>>, sign: string): string {
  const exports = Object.entries(environment).map(([key, value]) => `export ${key}=$'${ansiQuote(value)}'`);
  return ` ${['unset INPUTRC', ...exports, `builtin printf '\\nshell %s of %s\\n' "$$" ${sign}`].join('; ')}\r`;
}
