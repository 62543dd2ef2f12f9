import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../core/runbook/model.ts';
import type { DatabaseAccess } from '../databases/access.ts';
import { connectDatabase } from '../databases/connect.ts';
import { isNewEnough } from '../sessions/ssh/arrival.ts';
import { connect } from '../sessions/ssh/connect.ts';
import { openShellOn } from '../sessions/ssh/open-ssh-session.ts';
import { runScript } from '../sessions/ssh/run-script.ts';
import type { SshAccess, SshSettings } from '../sessions/ssh/ssh-access.ts';
import type { SshConnection } from '../sessions/ssh/ssh-connection.ts';
import { SshError } from '../sessions/ssh/ssh-error.ts';
import { findLoginShell } from '../sessions/windows-server/login-shell.ts';
import { openWindowsOn } from '../sessions/windows-server/start-windows-session.ts';
import { factsOfWindows } from '../sessions/windows-server/windows-facts.ts';
import { parseFacts } from './facts.ts';
import type { Diagnosis } from './lab.ts';
import { LabError } from './lab-error.ts';
import type { ServerFile } from './server-schema.ts';

/** A server of a lab. */
export type Server = {
  readonly name: string;
  readonly file: ServerFile;
  readonly settings: SshSettings;
  /** What is known of it on this machine. */
  readonly directory: string;
};

const probe = readFileSync(join(import.meta.dirname, 'probe-facts.sh'), 'utf8');

/** How to open a session on a server. */
export function accessToServer({ name, file, settings, directory }: Server): SshAccess {
  return {
    kind: 'ssh',
    host: name,
    server: settings,
    ...(file.directory !== undefined && { startIn: file.directory }),
    ...(file.system === 'windows' && { windows: { shell: windowsShell(file), codePage: file.codepage } }),
    // Nobody turns pages here, and nobody leaves an editor. What a person has psql do is not what a page expects.
    environment: {
      ...(file.system === 'linux' && { PAGER: 'cat', PSQL_PAGER: '', PSQLRC: '/dev/null', EDITOR: 'cat' }),
      ...(file.system === 'windows' && { PSQLRC: 'NUL' }),
      ...file.environment,
    },
    directory,
  };
}

/** Where a server is, for people. */
export function placeOf({ settings: { address, port, user, jumps = [] } }: Server): string {
  const through = jumps.length === 0 ? '' : ` through ${jumps.map((jump) => jump.address).join(', ')}`;
  return `${user === undefined ? '' : `${user}@`}${address}${port === undefined ? '' : `:${port}`}${through}`;
}

/** Connects to a server and finds out what it is. Rejects with what is wrong; its message names the host. */
export function visitServer(server: Server, signal?: AbortSignal): Promise<Facts> {
  return named(server, () => onServer(server, (connection) => factsOf(server, connection), signal));
}

/** Whether a server lets us in and runs what it is given. Rejects like `visitServer`, and is quicker on Windows. */
export async function reachServer(server: Server): Promise<void> {
  const { name, file } = server;
  if (file.system === 'linux') return void (await visitServer(server));
  await named(server, () =>
    onServer(
      server,
      async (connection) => void (await findLoginShell(connection, name, { shell: windowsShell(file) })),
    ),
  );
}

async function named<T>(server: Server, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    throw new LabError(`host ${server.name}: ${error.message}`);
  }
}

type Tell = (ok: boolean, what: string, hint?: string) => void;

/** What is right and wrong with a server, as far as one gets: all that steps need is tried. */
export async function diagnoseServer(
  server: Server,
  database: DatabaseAccess | undefined,
): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  const tell: Tell = (ok, what, hint = '') => void found.push({ ok, what: `${server.name}: ${what}`, hint });
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const [what = '', hint = ''] = (error as Error).message.split('\n    hint: ');
      tell(false, what, hint);
    }
  };
  let entered = false;
  await attempt(() =>
    onServer(server, async (connection) => {
      entered = true;
      tell(true, `lets us in at ${placeOf(server)}, and its host key is the known one`);
      if (server.file.system === 'windows') return diagnoseWindows(server, connection, tell);
      await diagnoseLogin(server, connection, tell);
    }),
  );
  if (!entered) return found;
  if (server.file.system === 'linux') await attempt(() => diagnoseShell(server, tell));
  if (database !== undefined) await attempt(() => diagnoseDatabase(database, tell));
  return found;
}

async function diagnoseLogin(server: Server, connection: SshConnection, tell: Tell): Promise<void> {
  const { bash = '(none)', pg, pg_version } = await factsOf(server, connection);
  tell(isNewEnough(bash.split('.')), `bash ${bash}`, 'steps need bash 5.1 or newer there');
  tell(true, pg === undefined ? 'no PostgreSQL in the path of its login' : `PostgreSQL ${pg_version ?? pg}`);
}

/** Opens a session as a step does, and lets a command wait for keys there. */
async function diagnoseShell(server: Server, tell: Tell): Promise<void> {
  let alone: string | undefined;
  const session = await openShellOn(await connect(server.settings), accessToServer(server), 'doctor', {
    onNotice: (text) => {
      alone = text.replace(/^host \S+: /, '');
    },
  });
  try {
    tell(true, 'starts a shell with a terminal');
    if (alone !== undefined) {
      return tell(false, alone, 'a connection needs two sessions: see MaxSessions in its sshd_config');
    }
    tell(true, 'runs a helper beside it');
    const { signal } = new AbortController();
    const end = await session.run({ command: 'cat', timeout: 10_000, signal, onOutput: () => undefined });
    const blind = await session.blindness();
    tell(
      end.kind === 'waits-for-input',
      end.kind !== 'waits-for-input'
        ? `a command that waits for keys is not noticed (${blind ?? end.kind})`
        : blind === undefined
          ? 'commands that wait for keys are noticed'
          : `commands that wait for keys are noticed, but not those that wait for several things at once, such as psql (${blind})`,
      'it ends by its time limit instead',
    );
  } finally {
    await session.close();
  }
}

async function diagnoseDatabase(access: DatabaseAccess, tell: Tell): Promise<void> {
  const connection = await connectDatabase(access);
  await connection.close();
  tell(true, `its database ${access.name} lets ${access.user} in`);
}

/** What is right and wrong with a Windows server, where its login has come in. */
async function diagnoseWindows(server: Server, connection: SshConnection, tell: Tell): Promise<void> {
  const session = await openWindowsOn(connection, accessToServer(server), 'doctor');
  try {
    const { shell, codepage = '', windows, pg_version } = await factsOfWindows(session);
    tell(true, `steps run in cmd; a login lands in ${shell} on ${session.wine ? 'Wine' : `Windows ${windows}`}`);
    tell(
      codepage === '932' || codepage === '65001',
      `its programs write in code page ${codepage}`,
      'of this one only ASCII is understood here: write `codepage: 65001` or `codepage: 932` for the host',
    );
    const found = await session.powerShell();
    const without = 'steps in PowerShell are not run, and a step over its time ends its whole session';
    tell(found.kind === 'answers', found.kind === 'answers' ? `PowerShell ${found.version}` : found.why, without);
    tell(true, pg_version === undefined ? 'no PostgreSQL in the path of its login' : `PostgreSQL ${pg_version}`);
  } finally {
    await session.close();
  }
}

function windowsShell({ shell }: ServerFile): 'cmd' | 'powershell' | undefined {
  return shell === 'bash' ? undefined : shell;
}

async function onServer<T>(
  { settings }: Server,
  work: (connection: SshConnection) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const connection = await connect(settings, signal);
  const stop = () => connection.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work(connection);
  } finally {
    signal?.removeEventListener('abort', stop);
    connection.close();
  }
}

async function factsOf(server: Server, connection: SshConnection): Promise<Facts> {
  const { name, file } = server;
  if (file.system === 'windows') {
    const session = await openWindowsOn(connection, accessToServer(server), 'facts');
    try {
      return { ...(await factsOfWindows(session)), ...file.facts };
    } finally {
      await session.close();
    }
  }
  const { code, output, errors } = await runScript(connection, probe, file.environment);
  const facts = parseFacts(output);
  if (code !== 0 && facts.os === undefined) {
    throw new LabError(
      `host ${name}: its login cannot run bash: ${connection.gone ?? (errors.trim() || `it ended with ${code ?? 'a signal'}`)}\n    hint: \`ssh\` there and start bash`,
    );
  }
  return { ...facts, ...file.facts };
}
