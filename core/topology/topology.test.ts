import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { looksSame } from './compare.ts';
import { changes, describe } from './describe.ts';
import { disagreements } from './disagreements.ts';
import { layout } from './layout.ts';
import { linksOf, shownLag } from './links.ts';
import type { Topology } from './model.ts';
import { topologySchema } from './parse.ts';
import { believed, healthy, sketchTopology, standbyDown } from './topology-trial.ts';
import { english } from './words.ts';
import { japanese } from './words-ja.ts';

suite('what does not fit together', () => {
  test('is nothing while all is well, and while a standby that is known to be down is down', () => {
    assert.deepEqual(disagreements(healthy), []);
    assert.deepEqual(disagreements(standbyDown), []);
  });

  test('is both roles after pcp_promote_node', () => {
    assert.deepEqual(disagreements(believed), [
      { kind: 'role', pool: 'pgpool1', host: 'postgres1', says: 'standby', is: 'primary' },
      { kind: 'role', pool: 'pgpool1', host: 'postgres2', says: 'primary', is: 'standby' },
    ]);
  });

  test('is a server that Pgpool-II takes for up or down and is not', () => {
    const told = sketchTopology({
      postgres1: { own: 'primary', pool: 'up primary' },
      postgres2: { own: 'standby', pool: 'down standby', follows: 'postgres1' },
      postgres3: { own: 'down', pool: 'up standby' },
    });
    assert.deepEqual(
      disagreements(told).map(({ kind }) => kind),
      ['taken-for-down', 'taken-for-up'],
    );
    const silent = sketchTopology({ postgres1: { own: 'unknown', pool: 'up primary' } });
    assert.deepEqual(disagreements(silent), [], 'of a server that does not answer nothing is known');
  });

  test('is two primaries, none, and a standby that nobody sends anything', () => {
    const two = sketchTopology({
      postgres1: { own: 'primary', pool: 'down standby' },
      postgres2: { own: 'primary', pool: 'up primary' },
      postgres3: { own: 'standby', pool: 'up standby', follows: 'postgres2' },
    });
    assert.deepEqual(disagreements(two), [
      { kind: 'taken-for-down', pool: 'pgpool1', host: 'postgres1' },
      { kind: 'two-primaries', hosts: ['postgres1', 'postgres2'] },
    ]);
    const none = sketchTopology({
      postgres1: { own: 'down', pool: 'down standby' },
      postgres2: { own: 'standby', pool: 'up standby' },
    });
    assert.deepEqual(disagreements(none), [{ kind: 'no-primary' }, { kind: 'follows-nobody', host: 'postgres2' }]);
  });
});

suite('a topology as text', () => {
  test('says what the picture shows', () => {
    const said = describe(believed, english);
    assert.equal(said.summary, 'postgres1 is primary; postgres2 and postgres3 are standby.');
    assert.deepEqual(said.disagreements, [
      'Pgpool-II calls postgres1 standby, but PostgreSQL there is primary.',
      'Pgpool-II calls postgres2 primary, but PostgreSQL there is standby.',
    ]);
    assert.deepEqual(said.columns, ['Host', 'PostgreSQL itself', 'Follows', 'Pgpool-II on pgpool1']);
    assert.deepEqual(said.rows[1], [
      'postgres2 (192.168.1.229)',
      'standby, timeline 1, 0/3000148',
      'postgres1: streaming, async, lag < 64 kB',
      'up, primary',
    ]);
    assert.match(describe(healthy, english).summary, /Pgpool-II on pgpool1 sees the same\.$/);
    assert.match(
      describe(standbyDown, english).rows[2]?.join('|') ?? '',
      /\|down \(nobody listens\)\|–\|down, standby$/,
    );
  });

  test('is Japanese for Japanese readers', () => {
    assert.deepEqual(
      describe(believed, japanese).disagreements[1],
      'Pgpool-II は postgres2 をプライマリと見ていますが、PostgreSQL 自身はスタンバイです。',
    );
  });

  test('tells changes in short sentences, and none when nothing changed', () => {
    assert.deepEqual(changes(healthy, healthy, english), []);
    assert.deepEqual(changes(healthy, standbyDown, english), [
      'postgres3 is down now',
      'Pgpool-II on pgpool1: postgres3 is down, standby now',
    ]);
    assert.equal(changes(believed, healthy, english).at(-1), 'Pgpool-II and PostgreSQL agree again');
  });
});

test('small lags and the place in the WAL do not make a topology look other; a role does', () => {
  const told = {
    postgres1: { own: 'primary', pool: 'up primary' },
    postgres2: { own: 'standby', pool: 'up standby', follows: 'postgres1' },
  } as const;
  assert.ok(looksSame(sketchTopology(told, 0), { ...sketchTopology(told, 4000), at: 'later' }));
  assert.ok(!looksSame(sketchTopology(told, 0), sketchTopology(told, 5_000_000)));
  assert.ok(!looksSame(healthy, believed));
  assert.deepEqual([0, 65_536, 1_500_000, 3e9].map(shownLag), ['< 64 kB', '60 kB', '1 MB', '3 GB']);
});

test('a base backup is no replication while a receiver streams', () => {
  const [first, ...others] = healthy.servers;
  assert.ok(first?.view.kind === 'primary');
  const backup = { host: 'postgres2', name: 'pg_basebackup', state: 'streaming', sync: 'async' };
  const senders = [backup, ...first.view.senders];
  const topology: Topology = { ...healthy, servers: [{ ...first, view: { ...first.view, senders } }, ...others] };
  assert.deepEqual(linksOf(topology), linksOf(healthy));
});

test('in the picture every host has a place of its own that does not change', () => {
  const [one, other] = [layout(healthy), layout(believed)];
  assert.deepEqual(
    one.servers.map(({ x, y }) => [x, y]),
    other.servers.map(({ x, y }) => [x, y]),
  );
  const boxes = one.servers;
  for (const [index, box] of boxes.entries()) {
    const next = boxes[index + 1];
    if (next) assert.ok(box.x + box.width < next.x);
    assert.ok(box.x + box.width <= one.width && box.y + box.height <= one.height);
  }
  assert.equal(new Set(one.links.map(({ y }) => y)).size, one.links.length, 'each link has its own lane');
  assert.deepEqual(
    other.servers.map(({ views }) => views.map(({ disputed }) => disputed)),
    [[true], [true], [false]],
  );
});

test('what is written down is read back', () => {
  for (const each of [healthy, believed, standbyDown])
    assert.deepEqual(topologySchema.parse(JSON.parse(JSON.stringify(each))), each);
});
