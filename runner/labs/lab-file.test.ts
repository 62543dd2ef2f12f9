import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatProblem } from '../../core/problem.ts';
import { parseLabFile } from './lab-file.ts';
import { listLabs, loadLab } from './load.ts';

const root = join(import.meta.dirname, '..', '..');
const good = readFileSync(join(root, 'labs/linux/lab.yaml'), 'utf8');
const problemsOf = (text: string): string[] => parseLabFile(text, 'lab.yaml').problems.map(formatProblem);

test('the lab linux is fine', () => {
  assert.deepEqual(problemsOf(good), []);
  assert.ok(listLabs(root).includes('linux'));
  const lab = loadLab('linux', { root });
  assert.deepEqual([lab.hosts, lab.checkpoints], [['postgres1'], ['ready', 'empty']]);
  assert.match(lab.title, /^One Linux host/);
});

const cases: readonly [name: string, from: string, to: string, ...expected: RegExp[]][] = [
  ['an unknown key', 'user: postgres', 'usr: postgres', /^lab\.yaml:6:5: unknown key `usr`\n.*did you mean `user`\?/],
  ['an unknown driver', 'driver: namespaces', 'driver: docker', /^lab\.yaml:2:1: driver: .*\n.*hint: /],
  ['a missing title', 'title:', 'titel:', /1:1: title: /, /1:1: unknown key `titel`\n.*did you mean `title`\?/],
  ['a directory elsewhere', '/srv/log,', '/etc,', /directories.*\/srv/],
  ['a way out of /srv', '/srv/log,', '/srv/../etc,', /directories/],
  ['an unknown system', 'user: postgres', 'system: mac', /hosts\.postgres1\.system: a host is linux or windows/],
  ['readers who type in cmd', 'user: postgres', 'system: windows', /typing: .*write `typing: false`/],
  ['no hosts', 'hosts:', 'hosts: {}\nhosts2:', /at least one host/, /unknown key `hosts2`/],
  ['typing that is no yes or no', 'disposable: true', 'typing: maybe', /^lab\.yaml:3:1: typing: .*\n.*`typing: false`/],
  [
    'a fact that cannot be chosen',
    'hosts:',
    'facts: {os: [linux]}\nhosts:',
    /4:9: unknown key `os`\n.*known here are pg/,
  ],
  [
    'a fact without a value',
    'hosts:',
    'facts: {pg: []}\nhosts:',
    /facts\.pg: there is at least one value\n.*pg: \[15, 16\]/,
  ],
  [
    'a version that is none',
    'hosts:',
    'facts: {pg: [15, ""]}\nhosts:',
    /facts\.pg\.1: a version of PostgreSQL is a number/,
  ],
  [
    'a version with a point',
    'hosts:',
    'facts: {pg: [15.18]}\nhosts:',
    /facts\.pg\.0: a version of PostgreSQL is a number/,
  ],
  ['a value instead of a list', 'hosts:', 'facts: {pg: 15}\nhosts:', /facts\.pg: .*\n.*pg: \[15, 16\]/],
  [
    'a host that declares what is chosen',
    'hosts:',
    'facts: {pg: [15]}\nhosts:\n  other: {facts: {pg: 16}}',
    /hosts\.other\.facts\.pg: what is chosen for the lab cannot be declared/,
  ],
  ['a value twice', 'hosts:', 'facts: {pg: [15, 15]}\nhosts:', /facts\.pg: a value is there twice/],
  [
    'a version that there is not for Windows',
    'hosts:',
    'facts: {pg: [14]}\ntyping: false\nhosts:\n  other: {system: windows}',
    /facts\.pg: for Windows there is PostgreSQL 15, 16, 17, 18, not 14/,
  ],
  ['broken YAML', 'hosts:', 'hosts: [', /^lab\.yaml:\d+:\d+: .*\n.*YAML/],
];
for (const [name, from, to, ...expected] of cases) {
  test(`${name} is a problem with a place and a hint`, () => {
    assert.ok(good.includes(from));
    const problems = problemsOf(good.replace(from, to));
    for (const pattern of expected)
      assert.ok(
        problems.some((problem) => pattern.test(problem)),
        problems.join('\n'),
      );
  });
}

const network = readFileSync(join(root, 'labs/linux-ha/lab.yaml'), 'utf8');
/** The first line that has a text. */
const lineOf = (text: string): number => network.slice(0, network.indexOf(text)).split('\n').length;
const networkCases: readonly [name: string, from: string, to: string, place: string, expected: RegExp][] = [
  [
    'no address',
    '    address: 192.168.1.229\n',
    '',
    `:${lineOf('postgres2:')}:3: `,
    /^hosts\.postgres2\.address: the address has to be one of 192\.168\.1\.0\/24\n.*linux-ha/,
  ],
  ['an address elsewhere', '.1.229', '.2.229', `:${lineOf('1.229')}:5: `, /: the address has to be one of/],
  ["the network's own number", '1.229', '1.0', `:${lineOf('1.229')}:5: `, /: the address has to be one of/],
  ["another host's address", '1.229', '1.228', `:${lineOf('1.229')}:5: `, /: 192\.168\.1\.228 is another host's/],
  ['no address at all', '192.168.1.229', 'postgres2', `:${lineOf('1.229')}:5: `, /IPv4/],
  ['a range that is too small', '1.0/24', '1.0/25', `:${lineOf('range:')}:3: `, /written like 192\.168\.1\.0\/24/],
  ['a port that is none', '9999', '99999', `:${lineOf('port:')}:5: `, /65535/],
  [
    'a host that is not there',
    'on: [pgpool1]',
    'on: [pgpool9]',
    `:${lineOf('  pgpool:')}:3: `,
    /: there is no host pgpool9/,
  ],
  [
    'an unknown key of a phase',
    '{run: configure-pgpool.sh, on:',
    '{run: configure-pgpool.sh, at:',
    `:${lineOf('prepare:')}:5: `,
    /unknown key `at`/,
  ],
  [
    'an unknown kind of database',
    'kind: pgpool',
    'kind: pool',
    `:${lineOf('kind: pgpool')}:16: `,
    /kinds are .* pgpool/,
  ],
  ['a database with a slip', 'kind: pgpool', 'kid: pgpool', `:${lineOf('kind: pgpool')}:16: `, /`kid`.*\n.*`kind`/],
  [
    'a database with its password',
    'kind: pgpool',
    'password: pgpool',
    `:${lineOf('kind: pgpool')}:16: `,
    /secrets are not written .*\n.*password_from: file:/,
  ],
  [
    'a checkpoint from nowhere',
    'from: clean',
    'from: cleen',
    `:${lineOf('from: clean')}:5: `,
    /there is no checkpoint cleen/,
  ],
  [
    'a checkpoint from itself',
    'from: clean',
    'from: pgpool',
    `:${lineOf('from: clean')}:5: `,
    /replicating would come from itself/,
  ],
];
for (const [name, from, to, place, expected] of networkCases) {
  test(`in a lab with a network ${name} is a problem with a place and a hint`, () => {
    assert.deepEqual(problemsOf(network), []);
    assert.ok(network.includes(from));
    const told = problemsOf(network.replace(from, to)).map((problem) => problem.split(place)[1] ?? '');
    assert.match(told.join('\n'), expected);
  });
}

test('addresses and ports need a network', () => {
  const problems = problemsOf(network.replace(/network:\n.*\n.*\n/, '')).join('\n');
  for (const what of [/only a lab with a `network` has addresses/, /has ports of its own/])
    assert.match(problems, what);
});

test('readers may type unless the lab says that they may not', () => {
  assert.equal(loadLab('linux', { root }).typing, true);
  assert.equal(parseLabFile(good, 'lab.yaml').file?.typing, true);
  assert.equal(parseLabFile(`${good}typing: false\n`, 'lab.yaml').file?.typing, false);
});

test('a lab that is not there', () => {
  assert.throws(() => loadLab('lunix', { root }), /there is no lab lunix/);
  assert.throws(() => loadLab('../linux', { root }), /there is no lab/);
});
