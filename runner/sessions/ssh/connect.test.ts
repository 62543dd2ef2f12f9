import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import ssh2 from 'ssh2';
import { freePort, SshServer } from '../../../test/conformance/ssh-server.ts';
import { connect } from './connect.ts';
import type { SshSettings } from './ssh-access.ts';
import { SshError, type SshFault } from './ssh-error.ts';

let server: SshServer;
let jump: SshServer;
before(async () => {
  [server, jump] = await Promise.all([SshServer.start(), SshServer.start()]);
});
after(() => Promise.all([server.close(), jump.close()]));

/** Connects, and tells what `command` prints there. */
async function ask(settings: SshSettings, command = 'echo hello'): Promise<string> {
  const connection = await connect(settings);
  try {
    let printed = '';
    for await (const chunk of await connection.exec(command)) printed += String(chunk);
    return printed.trim();
  } finally {
    connection.close();
  }
}

async function refused(settings: SshSettings, fault: SshFault, pattern: RegExp): Promise<void> {
  await assert.rejects(ask(settings), (error: Error) => {
    assert.ok(error instanceof SshError, error.stack);
    assert.equal(error.fault, fault, error.message);
    assert.match(error.message, pattern);
    assert.match(error.message, /\n {4}hint: ./);
    return true;
  });
}

/** Settings with known hosts of their own. */
function knowing(text: string, more: Partial<SshSettings> = {}): SshSettings {
  const path = server.file(`known${++count}`);
  writeFileSync(path, text);
  return { ...server.settings, knownHosts: [path], ...more };
}
let count = 0;

const keyOf = (each: SshServer) => readFileSync(each.file('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
const place = () => `[127.0.0.1]:${server.port}`;

describe('a host key', () => {
  it('that is known', async () => assert.equal(await ask(server.settings), 'hello'));

  it('that is not known is refused, with its fingerprint and what to do', async () => {
    const print =
      execFileSync('ssh-keygen', ['-lf', server.file('host.pub')], { encoding: 'utf8' }).split(' ')[1] ?? '';
    const settings = knowing('');
    await refused(settings, 'host-key', new RegExp(print.replace(/[+/]/g, '\\$&')));
    await refused(
      settings,
      'host-key',
      new RegExp(`ssh-keyscan -p ${server.port} 127\\.0\\.0\\.1 >>${settings.knownHosts?.[0]}`),
    );
  });

  it('becomes known by what the hint says', async () => {
    const settings = knowing('');
    const path = settings.knownHosts?.[0] ?? '';
    await assert.rejects(ask(settings), (error: Error) => {
      const command = /(ssh-keyscan .*)$/.exec(error.message)?.[1] ?? '';
      execFileSync('sh', ['-c', command], { stdio: 'ignore' });
      return true;
    });
    assert.equal(await ask(settings), 'hello');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/ssh-ed25519 .*/, keyOf(jump)));
    await assert.rejects(ask(settings), (error: Error) => {
      const command = /(ssh-keygen -R .*)$/.exec(error.message)?.[1] ?? '';
      execFileSync('sh', ['-c', command], { stdio: 'ignore' });
      return true;
    });
    assert.equal(await ask(settings), 'hello');
  });

  it('that is another one is refused, with both fingerprints', async () => {
    const print = execFileSync('ssh-keygen', ['-lf', jump.file('host.pub')], { encoding: 'utf8' }).split(' ')[1] ?? '';
    await refused(
      knowing(`# first\n${place()} ${keyOf(jump)}\n`),
      'host-key',
      new RegExp(`shows another host key .*line 2: ssh-ed25519 ${print.replace(/[+/]/g, '\\$&')}`),
    );
  });

  it('that is revoked is refused', () =>
    refused(
      knowing(`${place()} ${keyOf(server)}\n@revoked * ${keyOf(server)}\n`),
      'host-key',
      /is revoked in .*line 2/,
    ));

  it('is known by an alias', async () => {
    const settings = knowing(`the-lab ${keyOf(server)}\n`, { hostKeyAlias: 'the-lab' });
    assert.equal(await ask(settings), 'hello');
  });

  it('of the type that is known is asked for', async () => {
    const path = server.file('rsa-host');
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-N', '', '-f', path]);
    const two = await SshServer.start([`HostKey ${path}`]);
    const known = two.file('only-rsa');
    writeFileSync(known, `[127.0.0.1]:${two.port} ${readFileSync(`${path}.pub`, 'utf8')}`);
    assert.equal(await ask({ ...two.settings, knownHosts: [known] }), 'hello');
    await two.close();
  });

  it('is checked of each server on the way', async () => {
    const unknown = { ...jump.settings, knownHosts: [server.file('nothing')] };
    await refused({ ...server.settings, jumps: [unknown] }, 'host-key', /is not known/);
    await refused(knowing('', { jumps: [jump.settings] }), 'host-key', /is not known/);
  });
});

describe('the way to a server', () => {
  it('leads through jump hosts', async () => {
    const settings = { ...server.settings, jumps: [jump.settings, server.settings, jump.settings] };
    assert.match(await ask(settings, 'echo $SSH_CONNECTION'), new RegExp(` ${server.port}$`));
  });

  it('leads through a proxy command', async () => {
    const through = { ...server.settings, proxyCommand: `bash -c 'exec 3<>/dev/tcp/%h/%p; cat <&3 & exec cat >&3'` };
    assert.equal(await ask(through), 'hello');
    await refused({ ...through, proxyCommand: 'echo no way >&2; exit 1' }, 'reach', /proxy command .* no way/);
  });

  it('says what the server says instead of its name', async () => {
    for (const [words, hint] of [
      ['Not allowed at this time', /PerSourcePenalties/],
      ['Exceeded MaxStartups', /too many logins/],
      ['Go away', /is that an SSH server/],
    ] as const) {
      const penal = createServer((socket) => void socket.end(`${words}\r\n`)).listen(0, '127.0.0.1');
      await once(penal, 'listening');
      const { port } = penal.address() as AddressInfo;
      const message = new RegExp(`127\\.0\\.0\\.1, port ${port} refuses us: ${words}\n {4}hint: .*${hint.source}`);
      await refused({ ...server.settings, port }, 'reach', message);
      await refused({ ...server.settings, port, jumps: [jump.settings] }, 'reach', message);
      penal.close();
    }
  });

  it('says why it cannot be gone', async () => {
    const nobody = await freePort();
    await refused({ ...server.settings, port: nobody }, 'reach', /connection refused/);
    await refused({ ...server.settings, address: 'no-such-host.invalid' }, 'reach', /no such host/);
    await refused(
      { ...server.settings, port: nobody, jumps: [jump.settings] },
      'reach',
      /jump host cannot connect to 127\.0\.0\.1, port/,
    );
    const loop: SshSettings = { ...server.settings, jumps: [] };
    Object.assign(loop, { jumps: [loop] });
    await refused(loop, 'configuration', /in a circle/);
  });

  it('is not waited for without end, and can be broken off', { timeout: 30_000 }, async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const abort = new AbortController();
    const broken = connect({ ...server.settings, port }, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 100);
    await assert.rejects(broken, /enough/);
    await refused({ ...server.settings, port }, 'reach', /takes connections, but has not let us in within 15 s/);
    silent.close();
  });

  it("is read from OpenSSH's configuration, but not that keys need no check", async () => {
    const config = server.file('ssh_config');
    writeFileSync(
      config,
      `Host lab-*
         HostName 127.0.0.1
         User ${userInfo().username}
         StrictHostKeyChecking no
         Include ${server.file('more_config')}
       Host lab-db
         Port ${server.port}
         ProxyJump lab-gate
         IdentityFile ${server.file('key')}
         UserKnownHostsFile ${server.file('known_hosts')}
       Host lab-gate
         Port ${jump.port}
         IdentityFile ${jump.file('key')}
         UserKnownHostsFile ${jump.file('known_hosts')}\n`,
    );
    writeFileSync(server.file('more_config'), '  GlobalKnownHostsFile /dev/null\n');
    assert.equal(await ask({ address: 'lab-db', sshConfig: config }), 'hello');
    await refused(
      { address: 'lab-db', sshConfig: config, knownHosts: [server.file('nothing')] },
      'host-key',
      /is not known/,
    );
    await refused({ address: 'lab-db', sshConfig: server.file('no-such') }, 'configuration', /no-such/);
  });

  it("finds the files of OpenSSH's configuration where ssh does", async () => {
    const folder = server.file('my keys');
    const config = server.file('path_config');
    mkdirSync(folder);
    process.env.TEJUN_TEST_FOLDER = folder;
    cpSync(server.file('known_hosts'), join(folder, 'known 127.0.0.1'));
    const common = `Host lab-*\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ${userInfo().username}\n  IdentityAgent none\n`;
    for (const [name, path] of [
      ['127.0.0.1_key', `"${folder}/%h_key"`],
      ['a key', `"${folder}/a key"`],
      [`lab-db.${server.port}.100%`, `"\${TEJUN_TEST_FOLDER}/%n.%p.100%%"`],
    ] as const) {
      cpSync(server.file('key'), join(folder, name));
      const known = `UserKnownHostsFile "${folder}/nothing" "${folder}/known %h"`;
      writeFileSync(config, `${common}  IdentityFile "${folder}/other"\n  IdentityFile ${path}\n  ${known}\n`);
      assert.equal(await ask({ address: 'lab-db', sshConfig: config }), 'hello', path);
      rmSync(join(folder, name));
    }
    delete process.env.TEJUN_TEST_FOLDER;
  });
});

describe('a login', () => {
  it('by a key that is not accepted says what was tried', async () => {
    const key = server.file('other-key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    await refused(
      { ...server.settings, keys: [key] },
      'login',
      /does not let .* in \(tried: key .*other-key; it accepts .*publickey/,
    );
    assert.equal(await ask({ ...server.settings, keys: [key, server.file('key')] }), 'hello');
  });

  it('by an encrypted key needs its passphrase', async () => {
    const key = server.file('closed-key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', key]);
    writeFileSync(server.file('authorized_keys'), readFileSync(`${key}.pub`), { flag: 'a' });
    const settings = { ...server.settings, keys: [key] };
    const variable = 'TEJUN_TEST_PASSPHRASE';
    const passphrase = { kind: 'environment', variable } as const;
    await refused(settings, 'configuration', /closed-key is encrypted/);
    await refused({ ...settings, passphrase }, 'configuration', /TEJUN_TEST_PASSPHRASE.* is not set/);
    process.env[variable] = 'wrong';
    await refused({ ...settings, passphrase }, 'configuration', /passphrase of the key .*closed-key is wrong/);
    process.env[variable] = 'open sesame';
    assert.equal(await ask({ ...settings, passphrase }), 'hello');
    delete process.env[variable];
    const path = server.file('passphrase');
    writeFileSync(path, 'open sesame\n');
    assert.equal(await ask({ ...settings, passphrase: { kind: 'file', path } }), 'hello');
    await refused({ ...settings, passphrase: { kind: 'file', path: `${path}2` } }, 'configuration', /cannot be read/);
  });

  it('by an agent', async () => {
    const socket = server.file('agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(agent.stdout, 'data');
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    const { keys: _, ...settings } = server.settings;
    await refused({ ...settings, agent: socket, optionalKeys: [] }, 'login', /tried: agent/);
    execFileSync('ssh-add', ['-q', server.file('key')], { env, stdio: 'ignore' });
    assert.equal(await ask({ ...settings, agent: socket, optionalKeys: [] }), 'hello');
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = socket;
    assert.equal(await ask({ ...settings, optionalKeys: [] }), 'hello');
    await refused({ ...settings, agent: false, optionalKeys: [] }, 'login', /nothing could be tried/);
    delete process.env.SSH_AUTH_SOCK;
    await refused({ ...settings, agent: true }, 'configuration', /SSH_AUTH_SOCK is not set/);
    if (before !== undefined) process.env.SSH_AUTH_SOCK = before;
    agent.kill();
    await once(agent, 'exit');
    await refused({ ...settings, agent: socket, optionalKeys: [] }, 'login', /agent/);
  });

  it('by a key file that is none says so', async () => {
    const settings = server.settings;
    await refused({ ...settings, keys: [server.file('key.pub')] }, 'configuration', /is not a private key/);
    await refused({ ...settings, keys: [server.file('nothing')] }, 'configuration', /cannot be read/);
    await refused({ ...settings, keys: [server.file('sshd_config')] }, 'configuration', /cannot be used/);
  });

  for (const kind of ['password', 'keyboard-interactive'] as const) {
    it(`by a password (${kind})`, async () => {
      // Passwords of a real sshd are those of this machine's users, which are none of ours.
      const hostKeys = [readFileSync(server.file('host'))];
      const other = new ssh2.Server({ hostKeys }, (client) => {
        client.on('error', () => undefined);
        client.on('authentication', (context) => {
          if (context.method === 'password' && kind === 'password') {
            return context.password === 'open sesame' ? context.accept() : context.reject([kind]);
          }
          if (context.method === 'keyboard-interactive' && kind === 'keyboard-interactive') {
            return context.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) =>
              answer === 'open sesame' ? context.accept() : context.reject(),
            );
          }
          context.reject([kind]);
        });
        client.on('session', (accept) => {
          accept().on('exec', (agree) => {
            const stream = agree();
            stream.write('hello');
            stream.exit(0);
            stream.end();
          });
        });
      });
      other.listen(0, '127.0.0.1');
      await once(other, 'listening');
      const settings: SshSettings = {
        ...knowing(`fake ${keyOf(server)}\n`),
        port: (other.address() as { port: number }).port,
        hostKeyAlias: 'fake',
        password: { kind: 'environment', variable: 'TEJUN_TEST_PASSWORD' },
      };
      process.env.TEJUN_TEST_PASSWORD = 'open sesame';
      assert.equal(await ask(settings), 'hello');
      process.env.TEJUN_TEST_PASSWORD = 'wrong';
      await assert.rejects(ask(settings), (error: Error) => {
        assert.match(error.message, /does not let .*\n {4}hint: is the password right, see `password_from` and `user`/);
        assert.doesNotMatch(error.message, /authorized_keys/);
        assert.doesNotMatch(error.message, /wrong|sesame/);
        return true;
      });
      delete process.env.TEJUN_TEST_PASSWORD;
      const { password: _, ...without } = settings;
      await refused(without, 'login', new RegExp(`it accepts only ${kind}: name \`password_from\``));
      other.close();
    });
  }
});
