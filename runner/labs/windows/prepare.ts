import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeTree } from '../host-files.ts';
import type { Diagnosis, Progress } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { type Login, unshareCommand } from '../login.ts';
import { majorOf, windowsBuild } from './builds.ts';
import { addClientPrograms, clientsFolder } from './client-programs.ts';
import { fetchBuild } from './fetch-build.ts';
import { makeOnce } from './make-once.ts';

const run = promisify(execFile);
const wineCore = '/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/ntdll.dll';
const own = (name: string): string => join(import.meta.dirname, name);
/** What every use takes anew: the rest of the folder takes long to make. */
const programs = [own('wine.sh'), own('login.sh'), join(import.meta.dirname, '../../sessions/windows/cmd.pl')];

/** The folder, below a checkout's state, of what all Windows hosts share; what is missing is fetched and made first. */
export async function prepareWindows(
  state: string,
  kind: Login['kind'],
  { clients, ...call }: { readonly clients: boolean; readonly progress: Progress; readonly signal: AbortSignal },
): Promise<string> {
  const folder = sharedFolder(state);
  await makeOnce(folder, (draft) => make(draft, kind, call.progress, call.signal));
  if (clients) await addClientPrograms(windowsBuild, join(folder, majorOf(windowsBuild), 'bin'), state, kind, call);
  copyPrograms(folder);
  return folder;
}

/** Is everything there that Windows hosts share? */
export function diagnoseWindows(state: string, clients: boolean): Diagnosis {
  const { package: name, version } = windowsBuild;
  const there = existsSync(sharedFolder(state));
  const what = there
    ? `PostgreSQL ${version} for Windows, and a template for its hosts`
    : `${name}@${version} is not here yet`;
  // Nothing is wrong: the lab's first `up` does it.
  const first = [
    there ? [] : [`fetches it from npm (36 MB)`],
    clients && !existsSync(clientsFolder(windowsBuild, state)) ? ['builds its client programs (some minutes)'] : [],
  ].flat();
  return { ok: true, what: first.length === 0 ? what : `${what}: the next \`up\` ${first.join(' and ')}`, hint: '' };
}

/** The folder of what all Windows hosts share; another one when its making has changed. */
export function sharedFolder(state: string): string {
  // The template links to Wine's own files: with another Wine it has to be made anew.
  const wine = statSync(wineCore, { throwIfNoEntry: false });
  const { clients: _, ...server } = windowsBuild;
  const made = createHash('sha256')
    .update(readFileSync(own('make-template.sh')))
    .update(JSON.stringify([server, wine?.size, wine?.mtimeMs]));
  return join(state, 'windows', made.digest('hex').slice(0, 16));
}

async function make(folder: string, kind: Login['kind'], progress: Progress, signal: AbortSignal): Promise<void> {
  const { package: name, version } = windowsBuild;
  progress(`  fetching ${name}@${version} (36 MB)`);
  const fetched = join(folder, 'fetched');
  mkdirSync(fetched);
  await fetchBuild(windowsBuild, fetched, signal);
  renameSync(join(fetched, 'package', 'native'), join(folder, majorOf(windowsBuild)));
  await removeTree(fetched);
  progress('  making a template of a Windows host');
  copyPrograms(folder);
  const [program = '', ...args] = unshareCommand(kind, { network: 'own' });
  try {
    await run(program, [...args, '/bin/bash', own('make-template.sh')], {
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
