import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CannotGoOn, say } from './cannot-go-on.mjs';
import { labPackagesFor } from './lab-packages.mjs';
import { withoutServices } from './no-services.mjs';
import { runProgram } from './run-program.mjs';

/**
 * System programs by the Debian package that brings them; what begins with `/` is just a file.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const programs = {
  postgresql: ['initdb', 'pg_ctl', 'postgres', 'psql', 'pg_basebackup', 'pg_dump'],
  bsdutils: ['script'],
  'perl-base': ['perl'],
  'util-linux': ['unshare', 'nsenter', 'setpriv', 'setsid', 'flock'],
  mount: ['mount'],
  hostname: ['hostname'],
  iproute2: ['ip'],
  pgpool2: ['pgpool', 'pcp_node_info', 'pg_enc'],
  'openssh-server': ['sshd', 'ssh-keygen', 'ssh-keyscan', 'ssh-agent'],
  'python3-cram': ['cram3'],
  bats: ['bats'],
  // The browser of the tests; without a Japanese font it would show boxes, and measure them.
  chromium: ['chromium'],
  'fonts-ipafont-gothic': ['/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf'],
  asciinema: ['asciinema'],
  // They compile the library of PostgreSQL's regression tests, from a source package that is packed so.
  bzip2: ['bzip2'],
  gcc: ['gcc'],
  'libc6-dev': ['/usr/include/stdio.h'],
  make: ['make'],
};
/**
 * Packages that only some tasks need, besides `test:all`, which needs everything, and labs that declare them.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const onlyFor = {
  bsdutils: ['test'],
  iproute2: [],
  pgpool2: [],
  'openssh-server': ['test'],
  'python3-cram': ['bench'],
  bats: ['bench'],
  chromium: ['test', 'bench'],
  'fonts-ipafont-gothic': ['test', 'bench'],
  asciinema: ['test'],
  bzip2: [],
  gcc: [],
  'libc6-dev': [],
  make: [],
};
const clusterDefaults = '/etc/postgresql-common/createcluster.conf';
const noDaemon = '/etc/ssh/sshd_not_to_be_run';

/**
 * Debian packages that a call needs; one that only reads pages or shows help needs none.
 * @param {string} root
 * @param {readonly string[]} args
 */
export function packagesFor(root, args) {
  const [task = '', word = ''] = args;
  if (args.includes('--help') || args.includes('-h')) return [];
  const all = Object.keys(programs);
  if (task === 'test:all') return all;
  const labTasks = ['start', 'test', 'bench', 'verify', 'accept', 'record'];
  if (!labTasks.includes(task) && !(task === 'lab' && /^(up|reset)$/.test(word))) return [];
  const declared = labPackagesFor(root, args);
  const usual = all.filter((name) => declared.includes(name) || (onlyFor[name]?.includes(task) ?? true));
  return [...usual, ...declared.filter((name) => !all.includes(name))];
}

/** Those of the packages that miss a program here. @param {readonly string[]} names */
export function missingPackages(names) {
  return names.filter((name) => {
    const needed = programs[name];
    // A package that only somebody's lab knows.
    if (needed === undefined) return !existsSync(`/var/lib/dpkg/info/${name}.list`);
    if (name !== 'postgresql') return !needed.every(onPath);
    return ![...postgresFolders(), ...path()].some((folder) => needed.every((each) => isProgram(join(folder, each))));
  });
}

/** Ends here, saying what a person has to do, where we cannot install packages ourselves. @param {readonly string[]} names */
export function refuseUnlessInstallable(names) {
  if (!onPath('apt-get')) {
    const wanted = names.flatMap((name) =>
      name === 'postgresql' ? ['PostgreSQL 15 or newer'] : (programs[name] ?? [name]),
    );
    throw new CannotGoOn(
      `programs are missing: ${wanted.join(', ')}; install them with this system's package manager and start again`,
    );
  }
  if (process.getuid?.() === 0) return;
  const command = ['sudo apt-get', ...installation(names)].join(' ');
  throw new CannotGoOn(`system packages are missing; run this and start again:\n\n  ${command}\n`);
}

/**
 * Installs what is missing, as root on Debian.
 * @param {readonly string[]} needed
 * @param {(pid: number) => void} onStart
 */
export async function installPrograms(needed, onStart) {
  const names = missingPackages(needed);
  if (names.length === 0) return;
  const install = installation(names);
  say(`installing system packages (apt-get install ${names.join(' ')}) …`);
  if (names.includes('postgresql')) refuseDefaultCluster();
  if (names.includes('openssh-server')) refuseDaemon();
  // ucf (createcluster.conf is its file) and debconf must not ask.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1' };
  const apt = (/** @type {readonly string[]} */ args) => runProgram('apt-get', ['-q', ...args], { env, onStart });
  await withoutServices(names, async () => {
    if ((await apt(install)) === 0) return;
    say('the package lists are missing or old; fetching them (apt-get update) …');
    await apt(['update']);
    const code = await apt(install);
    if (code !== 0) throw new CannotGoOn(`apt-get install ended with ${code}; mend what it says above and start again`);
  });
  const still = missingPackages(needed);
  if (still.length === 0) return;
  const hint = still.includes('postgresql') ? '; it must be 15 or newer: https://wiki.postgresql.org/wiki/Apt' : '';
  throw new CannotGoOn(`apt-get install went well, but programs of ${still.join(', ')} are still missing${hint}`);
}

/** @param {readonly string[]} names */
function installation(names) {
  return ['install', '-y', '--no-install-recommends', ...names];
}

/** Is it a file that we may execute? @param {string} file */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Debian makes and starts a cluster when PostgreSQL is first installed. Here nobody asked for one. */
function refuseDefaultCluster() {
  if (existsSync(clusterDefaults) || existsSync('/usr/lib/postgresql')) return;
  mkdirSync(dirname(clusterDefaults), { recursive: true });
  const why =
    '# Written by tejun before it installed PostgreSQL, so that no cluster of the system was made and started.';
  writeFileSync(clusterDefaults, `${why}\ncreate_main_cluster = false\n`);
}

/** Debian starts an SSH server for all the world when the package is first installed. Here nobody asked for one. */
function refuseDaemon() {
  if (existsSync(noDaemon) || onPath('sshd')) return;
  mkdirSync(dirname(noDaemon), { recursive: true });
  const why = 'Written by tejun before it installed openssh-server for its tests: remove this file to run the server.';
  writeFileSync(noDaemon, `${why}\n`);
}

function postgresFolders() {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .filter((major) => Number(major) >= 15)
    .map((major) => join(base, major, 'bin'));
}

function path() {
  return (process.env.PATH ?? '').split(delimiter);
}

/** Is a program on the path, or a file there? @param {string} program */
function onPath(program) {
  if (program.startsWith('/')) return existsSync(program);
  // An ordinary user's path has no daemons.
  return [...path(), '/usr/sbin'].some((folder) => isProgram(join(folder, program)));
}
