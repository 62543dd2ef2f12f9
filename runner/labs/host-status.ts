import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { liveKeeper } from './keeper.ts';
import type { HostStatus } from './lab.ts';
import { accessTo, type Host } from './namespace-host.ts';

/** What the lab's state says about a host. */
export type Supposed = {
  readonly complete: boolean;
  /** Is its network there, if it is on one? */
  readonly connected: boolean;
  /** Should a server be running? */
  readonly serves: boolean;
  readonly checkpoint: string;
};

/** A host's state as it is found: its first process, and whether PostgreSQL answers. */
export async function hostStatus(host: Host, supposed: Supposed): Promise<HostStatus> {
  const tell = (state: HostStatus['state'], detail: string): HostStatus => ({ host: host.name, state, detail });
  const keeper = liveKeeper(host.directory);
  if (!keeper) return tell('broken', 'its processes are gone; the next `lab up` starts it anew');
  if (!supposed.complete)
    return tell('broken', 'it was left on the way to a checkpoint; the next `lab up` starts it anew');
  if (!supposed.connected) return tell('broken', 'its network is gone; the next `lab up` starts it anew');
  const address = host.addresses?.get(host.name);
  const where = `${address === undefined ? '' : `${address} `}port ${host.port}`;
  const place = `checkpoint ${supposed.checkpoint}, ${where}, process ${keeper.pid}`;
  const answer = await askPostgres(host);
  if (answer !== undefined) return tell('ready', `PostgreSQL ${answer}; ${place}`);
  if (supposed.serves) return tell('up', `no PostgreSQL accepts connections; ${place}`);
  return tell('ready', `nothing has to run; ${place}`);
}

async function askPostgres(host: Host): Promise<string | undefined> {
  try {
    const { enter, environment } = accessTo(host);
    // Asked from the host's Linux side, on which Windows has no sockets of files.
    const where = host.windows === undefined ? [] : ['--host=localhost'];
    const [program = '', ...args] = enter;
    const { stdout } = await promisify(execFile)(program, [...args, 'pg_isready', '--timeout=3', ...where], {
      env: { ...environment },
      cwd: '/',
      timeout: 5000,
    });
    return stdout.trim().replace(/^.* - /, '');
  } catch {
    return undefined;
  }
}
