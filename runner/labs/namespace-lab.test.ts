import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { localAccess } from '../sessions/access.ts';
import { startersOf } from './keeper.ts';
import { liveAsOrdinaryUser, liveThrough, namespaceOf, never, onHost, processesIn, silent } from './lab-trial.ts';
import { loadLab } from './load.ts';

const checkout = join(import.meta.dirname, '..', '..');
const trial = 'runner/labs/lab-trial.ts';
const folder = mkdtempSync(join(tmpdir(), 'tejun-labs-'));
let roots = 0;

function newRoot(): string {
  const root = join(folder, `root${++roots}`);
  mkdirSync(root);
  cpSync(join(checkout, 'labs'), join(root, 'labs'), { recursive: true });
  return root;
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(checkout, trial), ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
}

suite('a lab made from namespaces', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('lives through up, reset and down, below a directory that only we can enter', () => {
    chmodSync(folder, 0o700);
    return liveThrough(newRoot());
  });

  test('lives through the same for an ordinary user', {
    skip: process.getuid?.() !== 0 && 'we are one already',
  }, () => {
    liveAsOrdinaryUser(trial, newRoot(), { limit: 60_000 });
  });

  test('two labs at once do not meet', async () => {
    const [one, other] = [newRoot(), newRoot()].map((root) => loadLab('linux', { root }));
    assert.ok(one && other);
    try {
      await Promise.all([one.up(silent, never), other.up(silent, never)]);
      assert.notEqual(onHost(one, 'echo $PGPORT'), onHost(other, 'echo $PGPORT'));
      onHost(one, 'createdb mine');
      assert.equal(onHost(other, `psql -Atc "select count(*) from pg_database where datname = 'mine'"`), '0');
      await one.down(silent);
      assert.equal(onHost(other, 'psql -Atc "select 1"'), '1');
    } finally {
      await Promise.all([one.down(silent), other.down(silent)]);
    }
  });

  for (const sign of ['lab.json', 'postgres1/script.log', 'postgres1/checkpoints']) {
    test(`comes up after a runner that was killed as soon as ${sign} was there`, async () => {
      const root = newRoot();
      const directory = join(root, '.tejun/labs/linux');
      const runner = start('up', root);
      const ended = once(runner, 'exit');
      while (!existsSync(join(directory, sign)) && runner.exitCode === null) await setImmediate();
      runner.kill('SIGKILL');
      assert.deepEqual(await ended, [null, 'SIGKILL'], 'the test must kill it on its way');
      const lab = loadLab('linux', { root });
      assert.equal(lab.instance(), undefined);
      try {
        await lab.up(silent, never);
        assert.equal((await lab.status())[0]?.state, 'ready');
        assert.equal(startersOf(join(directory, 'postgres1')).length, 2, 'one keeper and its unshare');
      } finally {
        await lab.down(silent);
      }
      assert.deepEqual(startersOf(join(directory, 'postgres1')), []);
    });
  }

  test('an aborted up leaves nothing', async () => {
    const root = newRoot();
    const lab = loadLab('linux', { root });
    const stop = new AbortController();
    const up = lab.up(silent, stop.signal);
    while (!existsSync(join(root, '.tejun/labs/linux/postgres1/script.log'))) await setImmediate();
    stop.abort();
    await assert.rejects(up, { name: 'AbortError' });
    assert.deepEqual(readdirSync(join(root, '.tejun/labs')), []);
    assert.equal((await lab.status())[0]?.state, 'down');
  });

  test('says what is broken, ends what the keeper kept, and runs nothing on the wrong host', async () => {
    const root = newRoot();
    const lab = loadLab('linux', { root });
    await lab.up(silent, never);
    try {
      const namespace = namespaceOf(lab);
      const { enter, environment } = localAccess(lab.access('postgres1'));
      onHost(lab, 'pg_ctl stop --silent');
      assert.equal((await lab.status())[0]?.state, 'up');
      const pid = enter[enter.indexOf('-t') + 1] ?? '';
      process.kill(Number(pid), 'SIGKILL');
      while (processesIn(namespace).length > 0) await setImmediate();
      assert.equal((await lab.status())[0]?.state, 'broken');
      assert.equal(lab.instance(), undefined);
      assert.throws(() => lab.access('postgres1'), /postgres1 is down/);
      // As if the pid had been given to another process, here to us.
      if (process.getuid?.() === 0) {
        const [program = '', ...args] = enter.map((arg) => (arg === pid ? `${process.pid}` : arg));
        const { status, stdout, stderr } = spawnSync(program, [...args, 'echo', 'ran'], {
          env: { ...environment },
          encoding: 'utf8',
        });
        assert.deepEqual([status, stdout], [125, ''], stderr);
      }
      assert.equal((await lab.doctor()).at(-1)?.ok, false);
      await lab.up(silent, never);
      assert.equal((await lab.status())[0]?.state, 'ready');
    } finally {
      await lab.down(silent);
    }
    assert.ok((await lab.doctor()).every(({ ok }) => ok));
  });

  test('reaps what is left to its first process', async () => {
    const lab = loadLab('linux', { root: newRoot() });
    await lab.up(silent, never);
    try {
      await lab.reset('empty', silent, never);
      onHost(lab, 'for i in 1 2 3; do (setsid true &); done');
      const zombies = 'grep -ls "^State:.Z" /proc/[0-9]*/status | wc -l';
      assert.equal(onHost(lab, `for i in {1..200}; do [ "$(${zombies})" = 0 ] && break; done; ${zombies}`), '0');
    } finally {
      await lab.down(silent);
    }
  });
});
