import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** PostgreSQL's regression tests, ready to run. */
export type RegressionSuite = {
  /** Folder with `sql`, `expected` and `data`. */
  readonly folder: string;
  /** Folder with the libraries that the tests load. */
  readonly libraries: string;
  /** Names of the tests, in the order in which they build on each other. */
  readonly tests: readonly string[];
};

/** The release whose output is compared. */
export const debian = {
  major: '15',
  package: 'postgresql-15',
  suite: 'bookworm',
  key: '/usr/share/keyrings/debian-archive-keyring.gpg',
};

/** Takes the regression tests from Debian's source package, below `directory`, and compiles their library. */
export function fetchSuite(directory: string): RegressionSuite {
  const [source = downloadSource(directory)] = globSync(join(directory, 'postgresql-*/'));
  const run = (program: string, args: readonly string[]): void =>
    void execFileSync(program, args, { cwd: source, stdio: ['ignore', 'ignore', 'inherit'] });
  const libraries = join(directory, 'lib');
  if (!existsSync(libraries)) {
    run('./configure', ['--quiet', '--without-readline', '--without-icu', '--without-zlib']);
    run('make', ['-s', '-C', 'src/backend', 'generated-headers']);
    mkdirSync(libraries);
    const compiled = ['src/test/regress/regress.c', '-Isrc/include', '-Isrc/interfaces/libpq'];
    run('gcc', ['-shared', '-fPIC', '-O1', ...compiled, '-o', join(libraries, 'regress.so')]);
    const installed = join('/usr/lib/postgresql', debian.major, 'lib');
    for (const name of ['autoinc.so', 'refint.so']) symlinkSync(join(installed, name), join(libraries, name));
  }
  const folder = join(source, 'src/test/regress');
  for (const place of ['results', 'testtablespace']) {
    mkdirSync(join(folder, place), { recursive: true });
    chmodSync(join(folder, place), 0o777);
  }
  const schedule = readFileSync(join(folder, 'parallel_schedule'), 'utf8');
  const tests = [...schedule.matchAll(/^test:(.*)$/gm)].flatMap(([, names = '']) => names.trim().split(/\s+/));
  return { folder, libraries, tests };
}

/** Debian's sources from where this machine has its packages, by lists of their own: the machine's apt stays as it is. */
function downloadSource(directory: string): string {
  const apt = join(directory, 'apt');
  for (const place of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(apt, place), { recursive: true });
  const format = ['--format', '$(REPO_URI) $(ORIGIN) $(CODENAME)', 'Created-By: Packages'];
  const targets = execFileSync('apt-get', ['indextargets', ...format], { encoding: 'utf8' });
  // The suite itself and the updates of its security team, from which the server may be.
  const archives = targets
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, origin, codename]) => origin === 'Debian' && codename?.split('-')[0] === debian.suite);
  if (archives.length === 0) throw new Error(`apt knows no archive of Debian ${debian.suite} on this machine`);
  const list = join(apt, 'sources.list');
  const signed = existsSync(debian.key) ? `[signed-by=${debian.key}] ` : '';
  writeFileSync(list, archives.map(([uri, , codename]) => `deb-src ${signed}${uri} ${codename} main\n`).join(''));
  const settings = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '-',
    'Dir::State::Lists': join(apt, 'lists'),
    'Dir::Cache': join(apt, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '2',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const run = (program: string, args: readonly string[]): void =>
    void execFileSync(program, args, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
  run('apt-get', [...options, '-qq', 'update']);
  const listed = execFileSync('apt-cache', [...options, 'showsrc', debian.package], { encoding: 'utf8' });
  const releases = [...listed.matchAll(/^Version: (.+)$/gm)].map(([, release = '']) => release);
  // The archive may list a release that it does not hold (any more): from new to old.
  const newest = releases.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const isThere = (release: string): boolean => {
    const args = [...options, '-qq', 'source', '--download-only', `${debian.package}=${release}`];
    return spawnSync('apt-get', args, { cwd: directory, stdio: 'ignore' }).status === 0;
  };
  const release = newest.find(isThere);
  if (release === undefined)
    throw new Error(`no release of ${debian.package} could be fetched, of ${newest.join(', ')}`);
  console.log(`${debian.package} ${release}`);
  const [tarball = ''] = globSync('*.orig.tar.*', { cwd: directory });
  run('tar', ['-xf', basename(tarball)]);
  const [source] = globSync(join(directory, 'postgresql-*/'));
  if (source === undefined) throw new Error(`the source package of ${debian.package} has no folder postgresql-*`);
  return source;
}
