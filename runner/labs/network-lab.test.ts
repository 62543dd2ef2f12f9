import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { startersOf } from './keeper.ts';
import { liveAsOrdinaryUser, never, silent } from './lab-trial.ts';
import { loadLab } from './load.ts';
import { liveThrough, machineNetwork, networksOf, on } from './network-trial.ts';

const checkout = join(import.meta.dirname, '..', '..');
const trial = 'runner/labs/network-trial.ts';
const folder = mkdtempSync(join(tmpdir(), 'tejun-network-'));
let roots = 0;

// Two hosts, and checkpoints that build on each other: what there is to a lab with a network, without servers.
const pair = `
title: Two hosts
driver: namespaces
disposable: true
network: {range: 192.168.1.0/24}
hosts:
  left: {address: 192.168.1.1, directories: [/srv/own]}
  right: {address: 192.168.1.2, directories: [/srv/own]}
checkpoints:
  third:
    from: second
    prepare: [{run: third.sh, on: [right]}]
    start: [{run: listen.sh, on: [right]}, {run: talk.sh, on: [left]}]
  second: {from: first, prepare: second.sh}
  first: {prepare: first.sh}
`;
const scripts = {
  'first.sh': 'echo first >/srv/own/words',
  'second.sh': 'echo second >>/srv/own/words; setsid sleep 1000 &>/dev/null &',
  'third.sh': 'echo third >>/srv/own/words',
  'listen.sh': 'psql --version',
  'talk.sh': 'ssh -o BatchMode=yes postgres@right cat /srv/own/words >/srv/own/heard',
};

function newRoot(): string {
  const root = join(folder, `root${++roots}`);
  mkdirSync(root);
  cpSync(join(checkout, 'labs'), join(root, 'labs'), { recursive: true });
  mkdirSync(join(root, 'labs/pair'));
  writeFileSync(join(root, 'labs/pair/lab.yaml'), pair);
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(root, 'labs/pair', name), `${text}\n`);
  return root;
}

/** Keepers and what came before them, of all hosts and the switch. */
function starters(root: string): number {
  return ['.switch', 'left', 'right'].flatMap((each) => startersOf(join(root, '.tejun/labs/pair', each))).length;
}

suite('a lab with a network of its own', () => {
  after(async () => {
    // Also what a test left that failed or was too slow on its way, whoever it ran as.
    for (let root = 1; root <= roots; root++) {
      for (const name of ['linux-ha', 'pair']) await loadLab(name, { root: join(folder, `root${root}`) }).down(silent);
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test('linux-ha lives through up, every checkpoint, and down', () => {
    chmodSync(folder, 0o700);
    return liveThrough(newRoot());
  });

  test('linux-ha lives through the same for an ordinary user, in another range', {
    skip: process.getuid?.() !== 0 && 'we are one already',
  }, () => {
    const environment = ['TEJUN_LAB_RANGE=10.11.12.0/24'];
    liveAsOrdinaryUser(trial, newRoot(), { limit: 240_000, environment });
  });

  test('two labs at once have the same addresses and do not meet', async () => {
    const [one, other] = [newRoot(), newRoot()];
    const [mine, yours] = [loadLab('pair', { root: one }), loadLab('pair', { root: other })];
    try {
      await Promise.all([mine.up(silent, never), yours.up(silent, never)]);
      for (const lab of [mine, yours]) assert.equal(on(lab, 'left', 'cat /srv/own/heard'), 'first\nsecond\nthird');
      on(mine, 'right', 'echo mine >>/srv/own/words');
      const ask = 'ssh -o BatchMode=yes postgres@192.168.1.2 tail -n 1 /srv/own/words';
      assert.equal(on(mine, 'left', ask), 'mine');
      assert.equal(on(yours, 'left', ask), 'third');
      assert.equal(new Set([...networksOf(one, mine), ...networksOf(other, yours)]).size, 6);
      await mine.down(silent);
      assert.equal(on(yours, 'left', ask), 'third');
    } finally {
      await Promise.all([mine.down(silent), yours.down(silent)]);
    }
  });

  test('checkpoints build on each other, and no process outlives the way to one', async () => {
    const lab = loadLab('pair', { root: newRoot() });
    await lab.up(silent, never);
    try {
      for (const [checkpoint, words] of [
        ['first', 'first'],
        ['second', 'first\nsecond'],
        ['third', 'first\nsecond\nthird'],
      ] as const) {
        on(lab, 'right', 'echo mistake >>/srv/own/words; touch /srv/own/litter');
        await lab.reset(checkpoint, silent, never);
        assert.equal(on(lab, 'right', 'cat /srv/own/words; ls /srv/own'), `${words}\nwords`);
        assert.equal(on(lab, 'right', 'grep -l sleep /proc/[0-9]*/comm || true'), '');
      }
      assert.equal(on(lab, 'left', 'cat /srv/own/words /srv/own/heard'), 'first\nsecond\nfirst\nsecond\nthird');
    } finally {
      await lab.down(silent);
    }
  });

  for (const sign of [
    'lab.json',
    '.switch/keeper.json',
    'right/keeper.json',
    'left/checkpoints/first',
    'left/sshd.log',
  ]) {
    test(`comes up after a runner that was killed as soon as ${sign} was there`, async () => {
      const root = newRoot();
      const before = machineNetwork();
      const args = [join(checkout, trial), 'up', root, 'pair'];
      const runner = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
      const ended = once(runner, 'exit');
      const directory = join(root, '.tejun/labs/pair');
      while (!existsSync(join(directory, sign)) && runner.exitCode === null) await setImmediate();
      runner.kill('SIGKILL');
      assert.deepEqual(await ended, [null, 'SIGKILL'], 'the test must kill it on its way');
      const lab = loadLab('pair', { root });
      assert.equal(lab.instance(), undefined);
      try {
        await lab.up(silent, never);
        assert.equal(on(lab, 'left', 'cat /srv/own/heard'), 'first\nsecond\nthird');
        assert.equal(starters(root), 6, 'a keeper and its unshare for two hosts and a switch');
      } finally {
        await lab.down(silent);
      }
      assert.equal(starters(root), 0);
      assert.equal(machineNetwork(), before);
    });
  }

  test('a script that fails stops the others, is told, and leaves nothing', async () => {
    const root = newRoot();
    writeFileSync(
      join(root, 'labs/pair/first.sh'),
      'if [ "$(hostname)" = left ]; then exec sleep 1000; fi; echo no room >&2; exit 3\n',
    );
    const lab = loadLab('pair', { root });
    await assert.rejects(lab.up(silent, never), /first\.sh ended with 3 on host right:\n +no room/);
    assert.deepEqual(readdirSync(join(root, '.tejun/labs')), []);
    assert.equal(starters(root), 0);
  });

  test('an aborted up leaves nothing', async () => {
    const root = newRoot();
    const lab = loadLab('pair', { root });
    const stop = new AbortController();
    const up = lab.up(silent, stop.signal);
    while (!existsSync(join(root, '.tejun/labs/pair/right/keeper.json'))) await setImmediate();
    stop.abort();
    await assert.rejects(up, { name: 'AbortError' });
    assert.deepEqual(readdirSync(join(root, '.tejun/labs')), []);
    assert.equal(starters(root), 0);
  });

  test('says that its network is gone, and is mended', async () => {
    const root = newRoot();
    const lab = loadLab('pair', { root });
    await lab.up(silent, never);
    try {
      const [keeper] = startersOf(join(root, '.tejun/labs/pair/.switch')).filter(({ name }) => name === 'bash');
      assert.ok(keeper);
      process.kill(keeper.pid, 'SIGKILL');
      while (starters(root) > 4) await setImmediate();
      assert.deepEqual(
        (await lab.status()).map(({ state }) => state),
        ['broken', 'broken'],
      );
      assert.equal(lab.instance(), undefined);
      await lab.up(silent, never);
      assert.equal(on(lab, 'left', 'cat /srv/own/heard'), 'first\nsecond\nthird');
    } finally {
      await lab.down(silent);
    }
    assert.equal(starters(root), 0);
    assert.ok((await lab.doctor()).every(({ ok }) => ok));
  });

  test('keeps the range with which it came up, and says when one is wrong', async () => {
    const root = newRoot();
    const lab = loadLab('pair', { root, range: '10.1.2.0/24' });
    try {
      await lab.up(silent, never);
      const later = loadLab('pair', { root });
      assert.equal(
        on(later, 'left', "ssh -o BatchMode=yes postgres@right 'ip -o -4 address show eth0'").split(/ +/)[3],
        '10.1.2.2/24',
      );
      await later.reset('first', silent, never);
      assert.equal(on(later, 'left', 'getent hosts right'), '10.1.2.2        right');
      assert.match((await later.status())[0]?.detail ?? '', / 10\.1\.2\.1 port 5432/);
      const third = loadLab('pair', { root, range: '10.1.3.0/24' });
      await assert.rejects(third.up(silent, never), /is up with 10\.1\.2\.0\/24, not 10\.1\.3\.0\/24\n.*lab down pair/);
    } finally {
      await lab.down(silent);
    }
    const wrong = loadLab('pair', { root, range: '10.1.2.3' });
    await assert.rejects(wrong.up(silent, never), /10\.1\.2\.3 is no range.*\n.*like 192\.168\.1\.0\/24/);
  });

  test('doctor tries the network and names missing packages', async () => {
    const root = newRoot();
    assert.ok((await loadLab('linux-ha', { root }).doctor()).every(({ ok }) => ok));
    writeFileSync(join(root, 'labs/pair/lab.yaml'), `${pair}packages: [tejun-no-such-package]\n`);
    const lab = loadLab('pair', { root });
    const bad = (await lab.doctor()).filter(({ ok }) => !ok);
    assert.deepEqual(
      bad.map(({ what }) => what),
      ['Debian packages: tejun-no-such-package missing'],
    );
    await assert.rejects(lab.up(silent, never), /tejun-no-such-package missing\n.*hint: .*lab up pair/);
  });
});
