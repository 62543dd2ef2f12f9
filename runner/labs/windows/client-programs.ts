import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { removeTree } from '../host-files.ts';
import type { Progress } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import type { Login } from '../login.ts';
import type { ClientSource } from './builds.ts';
import { makeOnce } from './make-once.ts';

type Call = { readonly progress: Progress; readonly signal: AbortSignal };

const script = join(import.meta.dirname, 'build-clients.sh');

/** Puts PostgreSQL's client programs for Windows into a build's `bin`; the first time they are built, for minutes. */
export async function addClientPrograms(
  clients: ClientSource,
  bin: string,
  state: string,
  kind: Login['kind'],
  { progress, signal }: Call,
): Promise<void> {
  const folder = clientsFolder(clients, state);
  if (!existsSync(folder)) {
    progress(`  building psql, pg_dump and others for Windows from Debian's ${clients.source} (some minutes, once)`);
    await makeOnce(folder, (draft) => make(clients, draft, kind, { progress, signal }));
  }
  for (const program of readdirSync(folder)) {
    const [built, used] = [join(folder, program), join(bin, program)];
    if (statSync(used, { throwIfNoEntry: false })?.ino === statSync(built).ino) continue;
    linkSync(built, `${used}.${process.pid}`);
    renameSync(`${used}.${process.pid}`, used);
  }
}

/** Where client programs are kept; another folder when their making has changed. */
export function clientsFolder(clients: ClientSource, state: string): string {
  const made = createHash('sha256').update(readFileSync(script)).update(JSON.stringify(clients));
  return join(state, 'windows', `clients-${made.digest('hex').slice(0, 16)}`);
}

async function make(
  { source, suite, release, sha256 = '' }: ClientSource,
  draft: string,
  kind: Login['kind'],
  { progress, signal }: Call,
): Promise<void> {
  const work = join(draft, 'work');
  mkdirSync(work);
  // Pid 1 of a namespace of its own: whatever compiles ends with it.
  const user = kind === 'self' ? ['--user', '--map-root-user'] : [];
  const command = ['/bin/bash', script, source, release, suite, draft, sha256];
  const args = [...user, '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
  try {
    const running = promisify(execFile)('/usr/bin/unshare', [...args, ...command], {
      cwd: work,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
      maxBuffer: 64 * 1024 * 1024,
      signal,
    });
    if (running.child.stdout) createInterface(running.child.stdout).on('line', (line) => progress(`  ${line}`));
    await running;
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    throw new LabError(
      `PostgreSQL's client programs for Windows could not be built: ${why}\n    hint: they come from Debian's source package ${source}; without \`clients: true\` in its file the lab comes up without them`,
    );
  } finally {
    await removeTree(work);
  }
}
