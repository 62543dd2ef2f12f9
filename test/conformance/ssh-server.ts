import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { listProcesses, type ProcessEntry, signalProcess } from '../../runner/sessions/process-table.ts';
import type { SshAccess, SshSettings } from '../../runner/sessions/ssh/ssh-access.ts';

/** A real sshd on a port of 127.0.0.1, with keys, known hosts and a home of its own in a temporary directory. */
export class SshServer {
  readonly directory: string;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #user: string;

  private constructor(directory: string, user: string, port: number, child: ChildProcess) {
    this.directory = directory;
    this.#user = user;
    this.port = port;
    this.#child = child;
  }

  /** Starts one; `options` are lines for its sshd_config, which come first and so have priority. */
  static start(options: readonly string[] = []): Promise<SshServer> {
    return SshServer.#start(options, false);
  }

  /** Starts one of root with an ordinary login, which only it knows. Where we are not root, it is as any other. */
  static startWithLogin(options: readonly string[] = []): Promise<SshServer> {
    return SshServer.#start(options, process.getuid?.() === 0);
  }

  static async #start(options: readonly string[], ordinary: boolean): Promise<SshServer> {
    const directory = mkdtempSync(join(tmpdir(), 'tejun-sshd-'));
    const port = await freePort();
    const file = (name: string) => join(directory, name);
    for (const name of ['host', 'key'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file(name)]);
    mkdirSync(file('home'));
    writeFileSync(file('authorized_keys'), readFileSync(file('key.pub')));
    const hostKey = readFileSync(file('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`);
    const config = [
      ...options,
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${file('host')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'MaxStartups 100',
      // Whatever this machine's login reads belongs to this machine.
      `SetEnv HOME=${file('home')} PATH=/usr/bin:/bin LANG=C.UTF-8`,
    ];
    writeFileSync(file('sshd_config'), `${config.join('\n')}\n`);
    // sshd gives up its rights in an empty directory, which Debian makes when the machine starts.
    if (process.getuid?.() === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
    const sshd = ['/usr/sbin/sshd', '-D', '-f', file('sshd_config'), '-E', file('log')];
    const [program = '', ...args] = ordinary ? [...knowingLogin(directory), ...sshd] : sshd;
    const child = spawn(program, args, { cwd: '/', stdio: 'ignore', env: { PATH: '/usr/sbin:/usr/bin:/bin' } });
    const server = new SshServer(directory, ordinary ? login : userInfo().username, port, child);
    const until = Date.now() + 10_000;
    while (!(await answers(port))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`sshd: ${server.log()}`);
      await setTimeout(10);
    }
    return server;
  }

  /** How to log in there. */
  get settings(): SshSettings {
    return {
      address: '127.0.0.1',
      port: this.port,
      user: this.#user,
      keys: [this.file('key')],
      knownHosts: [this.file('known_hosts')],
    };
  }

  /** The same as a host of a lab; each call is another host. */
  access(settings: Partial<SshSettings> = {}): SshAccess {
    return {
      kind: 'ssh',
      host: 'there',
      server: { ...this.settings, ...settings },
      environment: { PAGER: 'cat' },
      directory: this.file(`lab${++hosts}`),
    };
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  /** What sshd says of itself. */
  log(): string {
    return existsSync(this.file('log')) ? readFileSync(this.file('log'), 'utf8') : '';
  }

  /** The processes that serve connections. */
  workers(): ProcessEntry[] {
    const all = listProcesses().filter(({ name }) => name === 'sshd');
    const own = all.filter(({ parent }) => parent === this.#child.pid);
    // For an ordinary user's login there is another one below each.
    return [...own, ...all.filter(({ parent }) => own.some(({ pid }) => pid === parent))];
  }

  /** Kills it as a machine's end would: nobody is let in any more, and connections end. */
  kill(): void {
    for (const process of this.#processes()) signalProcess(process, 'SIGKILL');
  }

  /** Stops it: connections stand, and nothing comes over them. */
  freeze(): void {
    for (const process of this.#processes()) signalProcess(process, 'SIGSTOP');
  }

  #processes(): ProcessEntry[] {
    return [...listProcesses().filter(({ pid }) => pid === this.#child.pid), ...this.workers()];
  }

  async close(): Promise<void> {
    for (const worker of this.workers()) signalProcess(worker, 'SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await gone;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

let hosts = 0;

const login = 'operator';
const loginId = 54_321;

/** What starts a program in a mount namespace where the machine's users are joined by an ordinary one. */
function knowingLogin(directory: string): readonly string[] {
  const file = (name: string) => join(directory, name);
  const entry = `${login}:x:${loginId}:${loginId}::${file('home')}:/bin/bash\n`;
  writeFileSync(file('passwd'), readFileSync('/etc/passwd', 'utf8') + entry);
  writeFileSync(file('shadow'), `${readFileSync('/etc/shadow', 'utf8')}${login}:*:19000:0:99999:7:::\n`, {
    mode: 0o600,
  });
  chmodSync(directory, 0o755);
  chownSync(file('home'), loginId, loginId);
  const mounts = ['passwd', 'shadow'].map((name) => `mount --bind '${file(name)}' /etc/${name}`).join(' && ');
  return ['/usr/bin/unshare', '--mount', '/bin/sh', '-c', `${mounts} && exec "$@"`, 'sh'];
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
