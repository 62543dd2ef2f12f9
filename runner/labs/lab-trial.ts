import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runIn } from '../../test/conformance/sessions.ts';
import { connectDatabase } from '../databases/connect.ts';
import { localAccess } from '../sessions/access.ts';
import { openLocalSession } from '../sessions/open-session.ts';
import { isAlive, listProcesses, readProcess } from '../sessions/process-table.ts';
import type { Lab } from './lab.ts';
import { loadLab } from './load.ts';

// What the tests do with the lab `linux`; as a program of its own too, to be killed or run as another user:
// `lab-trial.ts up|life ROOT`.

/** A signal that never comes. */
export const never = new AbortController().signal;
/** Progress that nobody reads. */
export const silent = (): void => undefined;

/**
 * Lets an ordinary user live through a trial (`program life ROOT`, a path in the checkout) within `limit` milliseconds;
 * the folder of `root` becomes one that they can enter. Fails with what the trial said.
 */
export function liveAsOrdinaryUser(
  program: string,
  root: string,
  { limit, environment = [] }: { readonly limit: number; readonly environment?: readonly string[] },
): void {
  const checkout = join(import.meta.dirname, '..', '..');
  chmodSync(dirname(root), 0o755);
  chownSync(root, 65534, 65534);
  // The checkout may lie where that user cannot come; on /mnt, for this process alone, it can.
  const script =
    'mount --bind "$1" /mnt; cd /; node=$2 program=$3 root=$4; shift 4; exec setpriv --reuid=65534 --regid=65534 --clear-groups env "$@" "/mnt/$node" "/mnt/$program" life "$root"';
  const node = process.execPath.replace(`${checkout}/`, '');
  assert.notEqual(node, process.execPath, 'the test runs under the Node of the checkout');
  const args = ['-m', 'bash', '-euc', script, 'bash', checkout, node, program, root, ...environment];
  const { status, stderr } = spawnSync('unshare', args, { encoding: 'utf8', timeout: limit });
  assert.equal(status, 0, stderr);
}

/** Runs bash commands on the lab's first host and returns their output, trimmed. */
export function onHost(lab: Lab, commands: string): string {
  const { enter, environment } = localAccess(lab.access(lab.hosts[0] ?? ''));
  const [program = '', ...args] = enter;
  return execFileSync(program, [...args, 'bash', '-euc', commands], {
    env: { ...environment },
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** Runs a bash command in a terminal on the lab's first host and returns its output, trimmed. */
export async function inTerminal(lab: Lab, command: string): Promise<string> {
  const session = await openLocalSession(localAccess(lab.access(lab.hosts[0] ?? '')), 'trial');
  try {
    const { end, output } = await runIn(session, command);
    assert.deepEqual(end, { kind: 'exited', code: 0 }, output);
    return output.replaceAll('\r\n', '\n').trim();
  } finally {
    await session.close();
  }
}

/** What a host's database answers, as `psql -At` would write it. */
export async function askDatabase(lab: Lab, host: string, question: string): Promise<string> {
  const access = lab.database(host);
  assert.ok(access);
  const connection = await connectDatabase(access);
  try {
    const rows = await connection.query(question);
    return rows.map((row) => Object.values(row).join('|')).join('\n');
  } finally {
    await connection.close();
  }
}

/** The kernel's name of the host's pid namespace, by which its processes are found. */
export function namespaceOf(lab: Lab): string {
  const { enter } = localAccess(lab.access(lab.hosts[0] ?? ''));
  return readlinkSync(`/proc/${enter[enter.indexOf('-t') + 1]}/ns/pid`);
}

/** Pids of all processes in a pid namespace. */
export function processesIn(namespace: string): number[] {
  return listProcesses().flatMap(({ pid }) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/pid`) === namespace ? [pid] : [];
    } catch {
      return [];
    }
  });
}

/** A lab's whole life, with what must hold in each of its stages. */
export async function liveThrough(root: string): Promise<void> {
  const lab = loadLab('linux', { root });
  await lab.up(silent, never);
  try {
    const [status] = await lab.status();
    assert.equal(status?.state, 'ready', status?.detail);
    assert.equal(
      onHost(lab, 'whoami; hostname; cd; pwd; echo $PGDATA'),
      'postgres\npostgres1\n/home/postgres\n/srv/data',
    );
    assert.equal(onHost(lab, 'psql -Atc "select current_user, pg_is_in_recovery()"'), 'postgres|f');
    assert.equal(
      await askDatabase(lab, 'postgres1', "select current_user, current_setting('port')"),
      `postgres|${onHost(lab, 'echo $PGPORT')}`,
    );
    assert.equal(
      await inTerminal(
        lab,
        'echo 1 >/dev/stderr; echo 2 >/dev/stdout; echo 3 | tee /dev/stderr >/dev/null; stat -c %U "$(tty)"',
      ),
      '1\n2\n3\npostgres',
    );
    assert.equal((await lab.facts('postgres1')).os, 'linux');
    assert.match((await lab.facts('postgres1')).pg ?? '', /^\d\d$/);

    const before = { instance: lab.instance(), namespace: namespaceOf(lab), port: onHost(lab, 'echo $PGPORT') };
    onHost(
      lab,
      'createdb x; touch /srv/y ~/z /tmp/t /var/log/l 2>/dev/null || :; mkdir /srv/closed; touch /srv/closed/f; chmod 0 /srv/closed',
    );
    onHost(lab, 'setsid sleep 1000 >/dev/null 2>&1 & disown');
    await lab.up(silent, never);
    assert.equal(lab.instance(), before.instance, 'a second up does nothing');

    // By pid and start time: the kernel gives a namespace's number to the next one.
    const old = processesIn(before.namespace).flatMap((pid) => readProcess(pid) ?? []);
    assert.ok(old.length > 1);
    await lab.reset(undefined, silent, never);
    assert.deepEqual(old.filter(isAlive), []);
    assert.notEqual(lab.instance(), before.instance);
    assert.equal(
      onHost(lab, 'psql -Atc "select count(*) from pg_database"; ls -A /tmp ~; cd /srv; echo *'),
      '3\n/home/postgres:\n\n/tmp:\narc backup data log pgwal',
    );
    assert.equal(onHost(lab, 'echo $PGPORT'), before.port, 'the port stays');

    await lab.reset('empty', silent, never);
    assert.equal(onHost(lab, 'cd /srv; echo *; ls -A /run/postgresql'), 'arc backup log pgwal');
  } finally {
    const namespace = namespaceOf(lab);
    await lab.down(silent);
    assert.deepEqual(processesIn(namespace), []);
  }
  assert.equal(existsSync(join(root, '.tejun/labs/linux')), false);
  assert.equal((await lab.status())[0]?.state, 'down');
  assert.equal(lab.instance(), undefined);
}

if (import.meta.main) {
  const [what, root = ''] = process.argv.slice(2);
  if (what === 'life') await liveThrough(root);
  else await loadLab('linux', { root }).up(silent, never);
}
