import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';

const checkout = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'tejun-bootstrap-'));
let roots = 0;

// A project as ours, but without packages, whose runner tells how it was called.
const runner = `
  process.on('SIGTERM', () => process.exit(7)).on('SIGINT', () => process.exit(8));
  console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), pid: process.pid }));
  if (process.argv[2] === 'wait') setInterval(() => {}, 1000);
  if (process.argv[2] === 'exit') process.exitCode = 5;`;

function newRoot(): string {
  const root = join(folder, `root${++roots}`);
  mkdirSync(join(root, 'runner'), { recursive: true });
  cpSync(join(checkout, 'bootstrap.mjs'), join(root, 'bootstrap.mjs'));
  cpSync(import.meta.dirname, join(root, 'runner/prerequisites'), { recursive: true });
  const manifest = {
    name: 'tejun',
    version: '1.0.0',
    private: true,
    type: 'module',
    bin: { tejun: 'bootstrap.mjs' },
    dependencies: { dep: 'file:dep' },
  };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  mkdirSync(join(root, 'dep'));
  writeFileSync(join(root, 'dep/package.json'), JSON.stringify({ name: 'dep', version: '1.0.0' }));
  const packages = {
    '': manifest,
    dep: { version: '1.0.0' },
    'node_modules/dep': { resolved: 'dep', link: true },
  };
  const lock = { name: 'tejun', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(join(root, 'runner/main.ts'), runner);
  mkdirSync(join(root, 'test'));
  writeFileSync(join(root, 'test/all.ts'), runner);
  mkdirSync(join(root, 'bench'));
  writeFileSync(join(root, 'bench/main.ts'), runner);
  return root;
}

type Start = { readonly child: ChildProcess; readonly greeting: Promise<unknown>; readonly result: Promise<Result> };

function start(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Start {
  const child = spawn(process.execPath, [join(root, 'bootstrap.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, npm_lifecycle_event: undefined, npm_execpath: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const greeting = Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  const result = once(child, 'close').then(([code]): Result => ({ code, ...output }));
  return { child, greeting, result };
}

type Result = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
const told = ({ stdout }: Result): { args: string[]; cwd: string } => {
  const { args, cwd } = JSON.parse(stdout);
  return { args, cwd };
};
const count = (text: string, part: string): number => text.split(part).length - 1;

suite('bootstrap', { timeout: 60_000 }, () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('installs packages once, tells it on standard error, and hands arguments, directory and exit code on', async () => {
    const root = newRoot();
    const first = await start(root, ['exit', 'a b', '--c']).result;
    assert.equal(first.code, 5, first.stderr);
    assert.deepEqual(told(first), { args: ['exit', 'a b', '--c'], cwd: folder });
    assert.equal(count(first.stderr, '(npm ci)'), 1);
    const second = await start(root, ['check', '--x']).result;
    assert.deepEqual([second.code, second.stderr, told(second).args], [0, '', ['--check', '--x']]);
    // Another lock, another installation; one that npm itself has brought up to date needs none.
    const lock = join(root, 'package-lock.json');
    writeFileSync(lock, `${readFileSync(lock, 'utf8')}\n`);
    assert.equal(count((await start(root, ['list']).result).stderr, '(npm ci)'), 0);
    rmSync(join(root, 'node_modules'), { recursive: true });
    assert.equal(count((await start(root, ['list']).result).stderr, '(npm ci)'), 1);
  });

  test('three starts at once install once', async () => {
    const root = newRoot();
    const results = await Promise.all([1, 2, 3].map(() => start(root, ['list']).result));
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0, 0],
    );
    assert.equal(count(results.map(({ stderr }) => stderr).join(), '(npm ci)'), 1);
    assert.equal(existsSync(join(root, '.tejun/bootstrap.lock')), false);
  });

  test("a killed start's lock holds nobody up", async () => {
    const root = newRoot();
    mkdirSync(join(root, '.tejun'));
    const gone = spawn('true');
    await once(gone, 'exit');
    writeFileSync(join(root, '.tejun/bootstrap.lock'), `${gone.pid} 1`);
    assert.equal((await start(root, ['list']).result).code, 0);
  });

  for (const [signal, code] of [
    ['SIGTERM', 7],
    ['SIGINT', 8],
  ] as const) {
    test(`passes ${signal} on, and the exit code back`, async () => {
      const { child, greeting, result } = start(newRoot(), ['wait']);
      await greeting;
      child.kill(signal);
      assert.equal((await result).code, code);
    });
  }

  test('a runner does not outlive its killed bootstrap', { skip: process.platform !== 'linux' }, async () => {
    const { child, greeting } = start(newRoot(), ['wait']);
    await greeting;
    const [runnerPid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
    child.kill('SIGKILL');
    while (isRunning(Number(runnerPid))) await setImmediate();
  });

  test('npx finds the project itself, with nothing installed', async () => {
    const root = newRoot();
    const npx = join(dirname(process.execPath), 'npx');
    const program = existsSync(npx) ? npx : 'npx';
    const output = execFileSync(program, ['tejun', 'list'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, npm_config_cache: join(folder, 'cache') },
    });
    assert.deepEqual(told({ code: 0, stdout: output, stderr: '' }), { args: ['list'], cwd: root });
  });

  test('a runner does not outlive its killed npx', { skip: process.platform !== 'linux' }, async () => {
    const root = newRoot();
    const env = { ...process.env, npm_config_cache: join(folder, 'cache2') };
    const npx = spawn('npx', ['tejun', 'wait'], { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] });
    const [told] = await once(npx.stdout, 'data');
    const { pid } = JSON.parse(String(told));
    npx.kill('SIGKILL');
    while (isRunning(pid)) await setImmediate();
  });

  /** A PATH with nothing but Node, npm and a shell, and perhaps an apt-get of our own. */
  function poorPath(root: string, apt?: string): string {
    const bin = join(root, 'bin');
    mkdirSync(bin);
    for (const name of ['npm', 'sh', 'env'])
      symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
    symlinkSync(process.execPath, join(bin, 'node'));
    if (apt !== undefined) {
      writeFileSync(join(bin, 'apt-get'), `#!/bin/sh\n${apt}\n`);
      chmodSync(join(bin, 'apt-get'), 0o755);
    }
    return bin;
  }

  test('elsewhere than on Debian it says what is missing, and only when it is needed', async () => {
    const root = newRoot();
    const env = { PATH: poorPath(root) };
    const bench = await start(root, ['bench'], env).result;
    assert.equal(bench.code, 3);
    assert.match(bench.stderr, /programs are missing: .*perl.*cram3, bats, chromium; install them/);
    const verify = await start(root, ['verify'], env).result;
    assert.match(verify.stderr, /programs are missing: .*hostname; install them/);
    assert.equal((await start(root, ['verify', '--help'], env).result).code, 0);
    assert.equal((await start(root, ['list'], env).result).code, 0);
  });

  test('as root on Debian it installs, with fresh package lists if it must', {
    skip: process.getuid?.() !== 0,
  }, async () => {
    const root = newRoot();
    // Fails until `update` was called; then makes the programs.
    const apt = `echo "$@" >>${root}/apt.txt
      case "$*" in
        *update*) : >${root}/updated ;;
        *install*) [ -e ${root}/updated ] || exit 100
          for p in perl unshare nsenter setpriv setsid flock mount hostname cram3 bats chromium; do ${'ln'} -s /bin/true ${root}/bin/$p; done ;;
      esac`.replaceAll('ln -s', '/bin/ln -s');
    const env = { PATH: poorPath(root, apt) };
    const { code, stderr } = await start(root, ['bench'], env).result;
    assert.equal(code, 0, stderr);
    const wanted = 'perl-base util-linux mount hostname python3-cram bats chromium';
    const install = `-q install -y --no-install-recommends ${wanted}`;
    assert.deepEqual(readFileSync(join(root, 'apt.txt'), 'utf8').trim().split('\n'), [install, '-q update', install]);
    assert.equal((await start(root, ['bench'], env).result).stderr, '');
  });

  test('as an ordinary user on Debian it says the one command', { skip: process.getuid?.() !== 0 }, async () => {
    const root = newRoot();
    const bin = poorPath(root, 'exit 1');
    assert.equal((await start(root, ['list'], { PATH: bin }).result).code, 0);
    execFileSync('chmod', ['-R', 'a+rX', folder]);
    const script =
      'mount --bind "$1" /mnt; cd /; exec setpriv --reuid=65534 --regid=65534 --clear-groups env PATH="$2" "/mnt/$3" "$4/bootstrap.mjs" bench';
    const node = process.execPath.replace(`${checkout}/`, '');
    const child = spawn('unshare', ['-m', 'bash', '-euc', script, 'bash', checkout, bin, node, root]);
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.equal(code, 3, stderr);
    assert.match(
      stderr,
      /run this and start again:\n\n {2}sudo apt-get install -y --no-install-recommends perl-base .* bats chromium\n/,
    );
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
