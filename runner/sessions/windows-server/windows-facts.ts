import type { Facts } from '../../../core/runbook/model.ts';
import type { WindowsSession } from './windows-session.ts';

/** What a Windows server is, as it tells by a session. What cannot be found out is left out. */
export async function factsOfWindows(session: WindowsSession): Promise<Facts> {
  // One that fails says nothing, and stops none of the others.
  const told = async (line: string): Promise<string> => (await session.ask([line]).catch(() => '')).trim();
  const version = versionOf(await told('ver'));
  const hostname = await told('hostname');
  const clients = postgresOf(await told('psql --version'));
  const postgres = postgresOf(await told('postgres --version')) ?? clients;
  const powerShell = await session.powerShell();
  const answers = powerShell.kind === 'answers';
  return Object.fromEntries(
    Object.entries({
      os: 'windows',
      arch: architecture(session.variable('PROCESSOR_ARCHITECTURE')),
      // Wine says that it is some Windows or other, which nothing may depend on.
      windows: session.wine ? undefined : version,
      wine: session.wine ? 'yes' : undefined,
      hostname: hostname === '' ? session.variable('COMPUTERNAME') : hostname,
      user: session.variable('USERNAME'),
      shell: session.shell,
      codepage: `${session.codePage}`,
      lang: answers ? powerShell.language : undefined,
      powershell: answers ? powerShell.version : undefined,
      pg: postgres?.split('.')[0],
      pg_version: postgres,
      clients: clients?.split('.')[0],
    }).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  );
}

/** The version in what `ver` prints, without the revision: `10.0.17763`. */
export function versionOf(text: string): string | undefined {
  return /(\d+\.\d+\.\d+)(?:\.\d+)?\]?\s*$/.exec(text)?.[1];
}

/** The version in what `postgres --version` prints: `15.18`. */
function postgresOf(text: string): string | undefined {
  return /(\d+(?:\.\d+)*)/.exec(/PostgreSQL\)\s+(\S+)/.exec(text)?.[1] ?? '')?.[1];
}

/** A machine's architecture as Linux calls it. */
function architecture(name: string | undefined): string | undefined {
  const known: Readonly<Record<string, string>> = { AMD64: 'x86_64', ARM64: 'aarch64', x86: 'i686' };
  return name === undefined ? undefined : (known[name] ?? name);
}
