import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostAccess } from '../../sessions/session.ts';
import { cmdLines } from '../../sessions/windows/cmd-lines.ts';
import { runOnHost } from '../host-shell.ts';
import { LabError } from '../lab-error.ts';
import type { Login } from '../login.ts';
import { majorOf } from './builds.ts';
import type { WindowsKit } from './kit.ts';

/** Where the host's Windows lies on the host's Linux side. */
export const windowsPrefix = '/srv/windows';

/** Where a file of Windows, such as `D:\\data`, lies on the host's Linux side. */
export function placeOnLinux(path: string): string {
  const [drive = '', ...rest] = path.split('\\');
  return [windowsPrefix, `drive_${drive.slice(0, 1).toLowerCase()}`, ...rest].join('/');
}

/** Furnishes a host's files (`files`) with a Windows cloned from its kit's template, and its drives C, D and E. */
export async function furnishWindows(files: string, { shared, build }: WindowsKit, login: Login): Promise<void> {
  const prefix = join(files, windowsPrefix);
  cpSync(join(shared, 'template'), prefix, { recursive: true, verbatimSymlinks: true });
  const drives = { 'c:': '../drive_c', 'd:': '../drive_d', 'e:': '../drive_e', 't:': '/run/cmd' };
  for (const [drive, place] of Object.entries(drives)) symlinkSync(place, join(prefix, 'dosdevices', drive));
  for (const folder of ['drive_c/arc', 'drive_c/PostgreSQL', 'drive_d/log', 'drive_e'])
    mkdirSync(join(prefix, folder), { recursive: true });
  const major = majorOf(build);
  symlinkSync(`/run/windows/${major}`, join(prefix, 'drive_c/PostgreSQL', major));
  const roaming = join(prefix, 'drive_c/users/Administrator/AppData/Roaming/postgresql');
  mkdirSync(roaming, { recursive: true });
  writeFileSync(join(roaming, 'pgpass.conf'), '*:*:*:postgres:postgres\r\n');
  // Programs resolve names by the host's own file; Windows shows it where it keeps its own.
  const names = join(prefix, 'drive_c/windows/system32/drivers/etc');
  mkdirSync(names, { recursive: true });
  rmSync(join(names, 'hosts'), { force: true });
  symlinkSync('/etc/hosts', join(names, 'hosts'));
  if (login.kind === 'root') await promisify(execFile)('/bin/chown', ['-hR', `${login.uid}:${login.gid}`, prefix]);
}

/** Starts Windows on a host that is up. */
export async function startWindows(access: HostAccess, log: string, signal: AbortSignal): Promise<void> {
  await runOnHost(access, { name: 'the start of Windows', text: start }, log, signal);
}

/** Ends Windows on a host so that its registry is written. */
export async function stopWindows(access: HostAccess, log: string, signal: AbortSignal): Promise<void> {
  await runOnHost(access, { name: 'the end of Windows', text: stop }, log, signal);
}

/** The bash script that runs a batch file's lines in cmd as a page's steps run. */
export function batchScript(name: string, text: string): string {
  const found = cmdLines(text);
  if (found.kind === 'refused') throw new LabError(`${name} cannot run on a Windows host: ${found.why}`);
  return runBatch.replace('@lines@', () => found.lines.join('\n'));
}

// Wine's own services keep the output of the first process open: nobody may wait for its end.
const start = `/run/windows/wine.sh wineserver -p </dev/null &>/dev/null
/run/windows/wine.sh wine 'C:\\windows\\system32\\cmd.exe' /c exit </dev/null &>/dev/null`;

const stop = '/run/windows/wine.sh wineserver -k </dev/null &>/dev/null || :; /run/windows/wine.sh wineserver -w';

const runBatch = `state=/run/cmd/script-$$
trap 'rm -rf "$state" "$state.end"' EXIT
in_cmd() { /usr/bin/perl /run/windows/cmd.pl "$state" 3>"$state.end"; }
in_cmd </dev/null
in_cmd <<'TEJUN-LINES'
@lines@
TEJUN-LINES
read -r code _ <"$state.end" || :
if [ "$code" != 0 ]; then echo "it ended with $code"; exit 1; fi`;
