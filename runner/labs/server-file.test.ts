import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatProblem } from '../../core/problem.ts';
import { LabError } from './lab-error.ts';
import { parseLabFile } from './lab-file.ts';
import { listLabs } from './load.ts';
import { keysOfServers, type ServersFile } from './server-schema.ts';
import { settingsOf } from './server-settings.ts';

const root = join(import.meta.dirname, '..', '..');
const example = readFileSync(join(root, 'labs/examples/servers.yaml'), 'utf8');
const windows = readFileSync(join(root, 'labs/examples/windows-servers.yaml'), 'utf8');
const page = readFileSync(join(root, 'content/docs/reference/your-own-servers.mdx'), 'utf8');
const fences = [...page.matchAll(/^```yaml[^\n]*\n(.*?)^```$/gms)].map(([, text = '']) => text);

function parse(text: string): ServersFile {
  const { file, problems } = parseLabFile(text, 'lab.yaml');
  assert.deepEqual(problems.map(formatProblem), []);
  assert.equal(file?.driver, 'servers');
  return file as ServersFile;
}

test('the example is fine, is no lab of this checkout, and is what its page shows', () => {
  const file = parse(example);
  assert.deepEqual(Object.keys(file.hosts), ['pgpool1', 'postgres1', 'postgres2', 'postgres3']);
  assert.deepEqual([file.disposable, file.typing], [false, true]);
  assert.ok(!listLabs(root).includes('examples'));
  assert.ok(fences.includes(example), 'the page has the example, letter by letter');
});

test('the example with Windows is fine, and is what its page shows', () => {
  const { hosts, typing } = parse(windows);
  const told = Object.values(hosts).map(({ system, shell, codepage }) => [system, shell, codepage]);
  const found = ['windows', undefined, undefined];
  assert.deepEqual(told, [['linux', undefined, undefined], ['windows', 'cmd', 932], found, found]);
  assert.equal(typing, false);
  assert.ok(fences.includes(windows), 'the page has the example, letter by letter');
});

test('every piece of YAML on the page is fine', () => {
  assert.ok(fences.length > 3);
  for (const fence of fences) {
    const whole = /^title:/m.test(fence) ? fence : `title: A part\ndriver: servers\n${fence}`;
    parse(/^hosts:/m.test(whole) ? whole : `${whole}\nhosts: {one: {}}\n`);
  }
});

test('the page names every key, and no other', () => {
  const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
  const known = [[], ['hosts', 'x'], ['gateways', 'x'], ['defaults']].flatMap((trail) => keysOfServers(trail));
  assert.deepEqual([...new Set(named)].sort(), [...new Set(known)].sort());
});

test('a host is reached as its file says', () => {
  const file = parse(example);
  const key = join(homedir(), '.ssh/lab_ed25519');
  const common = {
    keys: [key],
    passphrase: { kind: 'environment', variable: 'LAB_KEY_PASSPHRASE' },
    knownHosts: ['/book/labs/mine/known_hosts'],
  };
  assert.deepEqual(settingsOf('pgpool1', file, '/book/labs/mine'), {
    address: '192.168.1.231',
    user: 'postgres',
    ...common,
    jumps: [{ address: 'gate.example', user: 'operator', ...common }],
  });
});

test('a way may lead through hosts, gateways and others, and not in a circle', () => {
  const lab = (text: string) => parse(`title: t\ndriver: servers\n${text}`);
  const through = lab('defaults: {port: 2222}\nhosts: {a: {jump: b}, b: {jump: [root@c:22, "[::1]"]}}');
  assert.deepEqual(settingsOf('a', through, '/'), {
    address: 'a',
    port: 2222,
    jumps: [{ address: 'b', port: 2222, jumps: [{ address: 'c', port: 22, user: 'root' }, { address: '::1' }] }],
  });
  const other = lab('defaults: {proxy_command: x}\nhosts: {a: {jump: b}, b: {}}');
  assert.equal(settingsOf('a', other, '/').proxyCommand, undefined);
  assert.equal(settingsOf('b', other, '/').proxyCommand, 'x');
  const circle = lab('hosts: {a: {jump: b}, b: {jump: a}}');
  assert.throws(
    () => settingsOf('a', circle, '/'),
    (error) => error instanceof LabError && /a through b through a/.test(error.message),
  );
});

const cases: readonly [name: string, from: string, to: string, ...expected: RegExp[]][] = [
  [
    'Windows where readers could type',
    'address: 192.168.1.228',
    'system: windows',
    /:5:1: typing: readers cannot type on a Windows server: write `typing: false`/,
  ],
  [
    'bash on Windows',
    'address: 192.168.1.228',
    'system: windows\n    shell: bash',
    /hosts\.postgres1\.shell: on a Windows server sshd lands in cmd or in powershell/,
  ],
  ['cmd on Linux', 'directory: /etc', 'shell: cmd\n    directory: /etc', /pgpool1\.shell: cmd is of Windows servers/],
  [
    'a code page on Linux',
    'directory: /etc',
    'codepage: 932\n    directory: /etc',
    /pgpool1\.codepage: a code page is/,
  ],
  ['an unknown system', 'directory: /etc', 'system: dos\n    directory: /etc', /a server is linux or windows/],
  [
    'an unknown key of a host',
    'directory: /etc',
    'usr: postgres\n    directory: /etc',
    /:2\d:5: unknown key `usr`\n.*did you mean `user`\?/,
  ],
  [
    'an unknown key of a gateway',
    'user: operator',
    'shell: bash',
    /:16:5: unknown key `shell`\n.*known here are port, user/,
  ],
  ['an unknown key', 'gateways:', 'gatways:', /^lab\.yaml:13:1: unknown key `gatways`\n.*did you mean `gateways`\?/],
  [
    'a password in the file',
    'directory: /etc',
    'password: hunter2\n    directory: /etc',
    /password: secrets are not written .*\n.*password_from: file:/,
  ],
  [
    'a passphrase in the file',
    'passphrase_from: env:LAB_KEY_PASSPHRASE',
    'passphrase: sesame',
    /secrets are not written/,
  ],
  [
    'a passphrase where its place should be',
    'env:LAB_KEY_PASSPHRASE',
    'sesame',
    /10:3: defaults\.passphrase_from: a secret is named, not written/,
  ],
  [
    'a lab to be thrown away',
    'typing: true',
    'disposable: true',
    /disposable: servers are not made .*\n.*leave `disposable` out/,
  ],
  ['checkpoints', 'gateways:', 'checkpoints: {ready: {}}\ngateways:', /checkpoints: servers have no checkpoints/],
  [
    'an option for an address',
    'address: 192.168.1.231',
    'address: -oProxyCommand=x',
    /address: an address is a host name/,
  ],
  ['an unknown shell', 'directory: /etc', 'shell: dos\n    directory: /etc', /shell: .*\n.*bash, cmd and powershell/],
  [
    'two ways at once',
    'directory: /etc/pgpool-II',
    'jump: gate\n    proxy_command: x',
    /21:5: hosts\.pgpool1\.proxy_command: there is a `jump` too/,
  ],
  ['no hosts', '\nhosts:', '\nhosts: {}\nhosts2:', /at least one host/, /unknown key `hosts2`/],
  ['a port that is none', 'user: operator', 'port: 70000', /gateways\.gate\.port/],
];
for (const [name, from, to, ...expected] of cases) {
  test(`${name} is a problem with a place and a hint`, () => {
    assert.ok(example.includes(from));
    const problems = parseLabFile(example.replace(from, to), 'lab.yaml').problems.map(formatProblem);
    for (const pattern of expected)
      assert.ok(
        problems.some((problem) => pattern.test(problem)),
        problems.join('\n'),
      );
    assert.ok(problems.every((problem) => !/hunter2|sesame/.test(problem)));
  });
}
