import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeTree } from '../host-files.ts';
import type { Diagnosis, Progress } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { type Login, unshareCommand } from '../login.ts';
import { majorOf } from './builds.ts';
import { addClientPrograms, clientsFolder } from './client-programs.ts';
import { fetchBuild } from './fetch-build.ts';
import { scripts, type WindowsKit } from './kit.ts';
import { makeOnce } from './make-once.ts';
import { fetchWine } from './newer-wine.ts';

const run = promisify(execFile);
const own = (name: string): string => join(import.meta.dirname, name);
/** What every use takes anew: the rest of the folder takes long to make. */
const programs = [own('wine.sh'), own('login.sh'), join(import.meta.dirname, '../../sessions/windows/cmd.pl')];

/** Fetches and makes what is missing of what Windows hosts are made of. */
export async function prepareWindows(
  kit: WindowsKit,
  state: string,
  kind: Login['kind'],
  { clients, ...call }: { readonly clients: boolean; readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  const { build, shared } = kit;
  await fetchWine(kit, call);
  await makeOnce(shared, (draft) => make(kit, draft, kind, call.progress, call.signal));
  if (clients) {
    const major = majorOf({ version: build.clients.release });
    if (major !== majorOf(build)) call.progress(`  PostgreSQL ${majorOf(build)} gets the client programs of ${major}`);
    await addClientPrograms(build.clients, join(shared, majorOf(build), 'bin'), state, kind, call);
  }
  copyPrograms(shared);
}

/** Is everything there that Windows hosts share? */
export function diagnoseWindows({ build, shared, usr }: WindowsKit, state: string, clients: boolean): Diagnosis {
  const { package: name, version, wine } = build;
  const there = existsSync(shared);
  const what = there
    ? `PostgreSQL ${version} for Windows, and a template for its hosts`
    : `${name}@${version} is not here yet`;
  // Nothing is wrong: the lab's first `up` does it.
  const first = [
    there ? [] : [`fetches it from npm (36 MB)`],
    usr !== undefined && !existsSync(usr) ? [`fetches the Wine of Debian ${wine} (1.1 GB of files)`] : [],
    clients && !existsSync(clientsFolder(build.clients, state)) ? ['builds its client programs (some minutes)'] : [],
  ].flat();
  return { ok: true, what: first.length === 0 ? what : `${what}: the next \`up\` ${first.join(' and ')}`, hint: '' };
}

async function make(
  { build, usr }: WindowsKit,
  folder: string,
  kind: Login['kind'],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { package: name, version } = build;
  progress(`  fetching ${name}@${version} (36 MB)`);
  const fetched = join(folder, 'fetched');
  mkdirSync(fetched);
  await fetchBuild(build, fetched, signal);
  renameSync(join(fetched, 'package', 'native'), join(folder, majorOf(build)));
  await removeTree(fetched);
  progress('  making a template of a Windows host');
  copyPrograms(folder);
  const [program = '', ...args] = unshareCommand(kind, { network: 'own' });
  try {
    // With the programs that the hosts will have.
    const first = usr === undefined ? '' : 'mount --bind "$1" /usr; ';
    const command = ['/bin/bash', '-ec', `${first}exec /bin/bash "$0"`, scripts.template, usr ?? ''];
    await run(program, [...args, ...command], {
      cwd: folder,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      timeout: 120_000,
      signal,
    });
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    throw new LabError(
      `the template of a Windows host could not be made: ${why}\n    hint: \`tejun lab doctor\` says what is missing`,
    );
  }
}

function copyPrograms(folder: string): void {
  for (const program of programs) {
    const copy = join(folder, program.split('/').at(-1) ?? '');
    // A host that runs goes on with the one it has begun to read.
    copyFileSync(program, `${copy}.${process.pid}`);
    chmodSync(`${copy}.${process.pid}`, 0o755);
    renameSync(`${copy}.${process.pid}`, copy);
  }
}
