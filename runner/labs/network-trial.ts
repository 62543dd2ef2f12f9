import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { localAccess } from '../sessions/access.ts';
import { isAlive, listProcesses, type ProcessEntry } from '../sessions/process-table.ts';
import type { Lab } from './lab.ts';
import { askDatabase, never, silent } from './lab-trial.ts';
import { loadLab } from './load.ts';

// What the tests do with labs that have a network; as a program of its own too, to be killed or run as another user:
// `network-trial.ts up|life ROOT LAB`.

/** Runs bash commands on a host and returns their output, trimmed; what they say on standard error is in the failure. */
export function on(lab: Lab, host: string, commands: string): string {
  const { enter, environment } = localAccess(lab.access(host));
  const [program = '', ...args] = enter;
  return execFileSync(program, [...args, 'bash', '-euc', `cd; ${commands}`], {
    env: { ...environment },
    cwd: '/',
    encoding: 'utf8',
    timeout: 30_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** What the kernel calls the network namespaces of a lab's hosts and of its switch. */
export function networksOf(root: string, lab: Lab): ReadonlySet<string> {
  const keepers = ['.switch', ...lab.hosts].map((host) => {
    const file = join(root, '.tejun/labs', lab.name, host, 'keeper.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
  });
  return new Set(keepers.map((pid) => readlinkSync(`/proc/${pid}/ns/net`)));
}

/** All processes in one of some network namespaces. By pid and start time: the kernel gives a namespace's number again. */
export function processesIn(networks: ReadonlySet<string>): readonly ProcessEntry[] {
  return listProcesses().filter(({ pid }) => {
    try {
      return networks.has(readlinkSync(`/proc/${pid}/ns/net`));
    } catch {
      return false;
    }
  });
}

/** The machine's own network: devices, addresses, routes. */
export function machineNetwork(): string {
  const ip = (...args: string[]): string => execFileSync('/bin/ip', args, { encoding: 'utf8' });
  return [ip('-brief', 'link'), ip('-brief', 'address'), ip('route'), readFileSync('/proc/self/mounts', 'utf8')].join(
    '',
  );
}

/** Nodes as Pgpool-II and PostgreSQL see them, one line each. */
export function poolNodes(lab: Lab): string {
  return on(lab, 'pgpool1', `psql -h pgpool1 -p 9999 -Atc 'show pool_nodes' | cut -d '|' -f 2,4,5,7,8`);
}

/** The whole life of the lab `linux-ha`, with what must hold in each of its stages. */
export async function liveThrough(root: string): Promise<void> {
  const lab = loadLab('linux-ha', { root });
  const before = machineNetwork();
  await lab.up(silent, never);
  const range = on(lab, 'pgpool1', 'ip -o route').split('.0/24')[0] ?? '';
  const three = [
    `${range}.228|up|up|primary|primary`,
    `${range}.229|up|up|standby|standby`,
    `${range}.230|up|up|standby|standby`,
  ].join('\n');
  try {
    for (const { host, state, detail } of await lab.status()) assert.equal(state, 'ready', `${host}: ${detail}`);
    assert.equal(poolNodes(lab), three);
    assert.equal((await askDatabase(lab, 'pgpool1', 'show pool_nodes')).split('\n').length, 3);
    const roles = lab.hosts.slice(1).map((host) => askDatabase(lab, host, 'select pg_is_in_recovery()'));
    assert.deepEqual(await Promise.all(roles), ['f', 't', 't']);
    assert.equal((await lab.facts('pgpool1')).pgpool, '4.3');
    for (const [index, host] of lab.hosts.entries()) {
      assert.equal(on(lab, host, 'hostname; whoami; pwd'), `${host}\npostgres\n/home/postgres`);
      const other = lab.hosts[(index + 1) % lab.hosts.length] ?? '';
      for (const there of [other, `${range}.${other === 'pgpool1' ? 231 : 227 + Number(other.at(-1))}`])
        assert.equal(
          on(lab, host, `ssh -o BatchMode=yes postgres@${there} 'hostname; echo $PGUSER'`),
          `${other}\npostgres`,
        );
    }
    const addresses = [231, 228, 229, 230].map((last, index) => `${range}.${last} ${lab.hosts[index]}`);
    assert.equal(on(lab, 'postgres2', 'cat /etc/hosts'), ['127.0.0.1 localhost', ...addresses].join('\n'));
    assert.match(on(lab, 'postgres1', 'ssh -tt postgres@postgres3 tty'), /^\/dev\/pts\/\d+$/);
    await hasNoWayOut(lab);
    assert.equal(machineNetwork(), before, 'the network and mounts of the machine are as they were');

    const instance = lab.instance();
    const networks = networksOf(root, lab);
    assert.equal(networks.size, lab.hosts.length + 1);
    on(
      lab,
      'postgres1',
      'pg_ctl stop --silent --mode=immediate; rm -rf /srv/data ~/.ssh; setsid sleep 1000 &>/dev/null &',
    );
    const old = processesIn(networks);
    assert.ok(old.length > 20);
    await lab.reset('pgpool', silent, never);
    assert.deepEqual(old.filter(isAlive), []);
    assert.notEqual(lab.instance(), instance);
    assert.equal(poolNodes(lab), three);

    await lab.reset('replicating', silent, never);
    const followers = `psql -Atc "select application_name, client_addr, state, sync_state from pg_stat_replication order by 1"`;
    assert.equal(
      on(lab, 'postgres1', followers),
      `postgres2|${range}.229|streaming|async\npostgres3|${range}.230|streaming|async`,
    );
    assert.equal(on(lab, 'pgpool1', 'ls -A /etc/pgpool2 /var/log/pgpool'), '/etc/pgpool2:\n\n/var/log/pgpool:');

    await lab.reset('clean', silent, never);
    assert.equal(on(lab, 'postgres1', 'ls /srv; ls -A ~'), 'archive\nlog\n.pgpass\n.ssh');
    assert.equal(on(lab, 'postgres1', 'ssh -o BatchMode=yes postgres@pgpool1 hostname'), 'pgpool1');

    await lab.reset('bare', silent, never);
    assert.equal(on(lab, 'postgres1', 'ls -A ~'), '');
    assert.throws(() => on(lab, 'postgres1', 'ssh -o BatchMode=yes postgres@pgpool1 hostname'), /verification failed/);
  } finally {
    const old = lab.instance() === undefined ? [] : processesIn(networksOf(root, lab));
    await lab.down(silent);
    assert.deepEqual(old.filter(isAlive), []);
  }
  assert.equal(existsSync(join(root, '.tejun/labs/linux-ha')), false);
  assert.equal(machineNetwork(), before);
  assert.equal((await lab.status())[0]?.state, 'down');
}

/** From the hosts no server of this machine can be reached, and none elsewhere. */
async function hasNoWayOut(lab: Lab): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  try {
    const { port } = server.address() as { port: number };
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    for (const { address } of own.filter(({ family }) => family === 'IPv4')) {
      const connect = `exec 3<>/dev/tcp/${address}/${port}`;
      assert.equal(spawnSync('bash', ['-c', connect]).status, 0, `${address} can be reached from here`);
      assert.throws(() => on(lab, 'postgres1', connect), /Connection refused|Network is unreachable/);
    }
    assert.equal(on(lab, 'postgres1', 'ip -o route').split('\n').length, 1, 'one route, to the other hosts');
    assert.throws(() => on(lab, 'postgres1', 'getent hosts www.postgresql.org'));
  } finally {
    server.close();
  }
}

if (import.meta.main) {
  const [what, root = '', lab = ''] = process.argv.slice(2);
  if (what === 'life') await liveThrough(root);
  else await loadLab(lab, { root }).up(silent, never);
}
