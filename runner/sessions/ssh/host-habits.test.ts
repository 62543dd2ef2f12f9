import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../../test/conformance/eventually.ts';
import { runIn } from '../../../test/conformance/sessions.ts';
import { SshServer } from '../../../test/conformance/ssh-server.ts';
import { connect } from './connect.ts';
import { openSshSession } from './open-ssh-session.ts';
import { RemoteHelper } from './remote-helper.ts';
import { readsTerminal } from './remote-terminal.ts';
import { runScript } from './run-script.ts';

describe('a server with habits of its own', () => {
  let server: SshServer;
  before(async () => {
    server = await SshServer.start();
  });
  after(() => server.close());

  it("gives its login's environment, but not its aliases, prompts, keys and noise", async () => {
    writeFileSync(
      server.file('home/.bash_profile'),
      `echo Welcome; echo 'os=plan9'; export OWN=mine PATH=$PATH:/opt/own
       alias echo='echo alias'; PS1='$ '; PROMPT_COMMAND='echo prompt'; export PROMPT_COMMAND
       trap 'echo debug' DEBUG; set -o vi; . ~/.bashrc\n`,
    );
    writeFileSync(server.file('home/.bashrc'), `echo noise; echo 'ready x'; export BASH_ENV=~/.bashrc\n`);
    writeFileSync(
      server.file('home/.inputrc'),
      'set editing-mode vi\nset enable-bracketed-paste off\n"\\C-e": "oops"\n',
    );
    const session = await openSshSession(server.access(), 'steps');
    assert.equal(
      (await runIn(session, 'echo $OWN ${PATH##*:}; pwd')).output,
      `mine /opt/own\r\n${server.file('home')}\r\n`,
    );
    assert.equal((await runIn(session, 'cat')).end.kind, 'waits-for-input');
    assert.equal((await runIn(session, 'echo ${INPUTRC-none}')).output, 'none\r\n');
    await session.close();
    const connection = await connect(server.settings);
    const ran = await runScript(connection, 'echo "$WORD"; echo os=linux; exit 3', { WORD: "it's a $WORD\n!" });
    assert.deepEqual([ran.code, ran.output], [3, "it's a $WORD\n!\nos=linux\n"]);
    connection.close();
    for (const file of ['.bash_profile', '.bashrc', '.inputrc']) rmSync(server.file(`home/${file}`));
  });

  it('runs the text of each step where its profile leaves few descriptors', async () => {
    writeFileSync(server.file('home/.bash_profile'), 'ulimit -n 100\n');
    const session = await openSshSession(server.access(), 'steps');
    rmSync(server.file('home/.bash_profile'));
    const { end, output } = await runIn(session, 'ulimit -n; touch ran; ls ran; false');
    assert.deepEqual([end, output], [{ kind: 'exited', code: 1 }, '100\r\nran\r\n']);
    await session.close();
  });

  it('gets variables and a directory of the lab', async () => {
    mkdirSync(server.file('home/a b'));
    const environment = { QUOTED: `'"$HOME\`x\` 手順\n!`, PAGER: 'cat' };
    const access = { ...server.access(), environment, startIn: server.file('home/a b') };
    const session = await openSshSession(access, 'steps', { columns: 100, rows: 40 });
    const ran = await runIn(session, 'echo "$QUOTED"; pwd; stty size');
    assert.equal(ran.output, `'"$HOME\`x\` 手順\r\n!\r\n${server.file('home/a b')}\r\n40 100\r\n`);
    await session.resize(90, 20);
    await eventually(
      'the terminal has its new size',
      async () => (await runIn(session, 'stty size')).output === '20 90\r\n',
    );
    await session.close();
    const nowhere = { ...server.access(), startIn: '/no/such/place' };
    await assert.rejects(
      openSshSession(nowhere, 'steps'),
      /bash has begun on 127\.0\.0\.1, but ended; it printed: bash: cd: \/no\/such\/place: No such file or directory/,
    );
  });

  it('says what it sees where no shell comes up', async () => {
    const closed = await SshServer.start(['ForceCommand echo This account is closed; exit 1']);
    await assert.rejects(
      openSshSession(closed.access(), 'steps'),
      /a login on 127\.0\.0\.1 does not come to bash: it ended; it printed: This account is closed\n {4}hint: /,
    );
    await closed.close();
    const plain = await SshServer.start(['PermitTTY no']);
    await assert.rejects(openSshSession(plain.access(), 'steps'), /runs no command for us: .*\n {4}hint: .*PermitTTY/s);
    await plain.close();
  });

  const tmux = '/usr/bin/tmux';

  it('is typed nothing while its profile is another program, or asks something', async () => {
    for (const [program, shown] of [
      [`exec /bin/sh -c 'printf "\\033[?2004h> "; cat >~/typed; :'`, '>'],
      [`read -rp 'Which environment? ' answer && echo "$answer" >~/typed`, 'Which environment?'],
      ...(existsSync(tmux)
        ? [[`exec ${tmux} -L tejun-test -f /dev/null new-session -A -s living "cat >~/typed"`, '']]
        : []),
    ] as const) {
      writeFileSync(server.file('home/.bash_profile'), `${program}\n`);
      const access = server.access({ loginTimeout: 6000 });
      await assert.rejects(openSshSession(access, 'steps'), (error: Error) => {
        assert.match(error.message, /does not come to bash: it did not answer within 6 s; it printed: /);
        assert.match(error.message, /\n {4}hint: .*tmux.*login_timeout/);
        assert.ok(error.message.includes(shown), error.message);
        return true;
      });
      const connection = await connect({ ...server.settings, loginTimeout: 1000 });
      await assert.rejects(runScript(connection, 'echo typed'), /does not come to bash/);
      connection.close();
      assert.equal(existsSync(server.file('home/typed')) ? readFileSync(server.file('home/typed'), 'utf8') : '', '');
      rmSync(server.file('home/typed'), { force: true });
    }
    rmSync(server.file('home/.bash_profile'));
    if (existsSync(tmux)) spawnSync(tmux, ['-L', 'tejun-test', 'kill-server']);
  });

  it('has a profile that takes its time', async () => {
    writeFileSync(server.file('home/.bash_profile'), 'sleep 2\n');
    await assert.rejects(
      openSshSession(server.access({ loginTimeout: 500 }), 'steps'),
      /within 0\.5 s; .*\n.*login_timeout/,
    );
    const session = await openSshSession(server.access({ loginTimeout: 30_000 }), 'steps');
    assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    await session.close();
    const stop = new AbortController();
    const opening = openSshSession(server.access(), 'steps', { signal: stop.signal });
    stop.abort(new Error('enough'));
    await assert.rejects(opening, /enough/);
    rmSync(server.file('home/.bash_profile'));
  });

  it('has a bash that is too old', async () => {
    // A stand-in, which the login finds before the real one: it answers the command with which we start bash.
    writeFileSync(
      server.file('home/bash'),
      `#!/bin/bash\nif [[ $1 == -lc ]]; then echo; set -- $2; echo "$5 4.4.20(1)-release"; fi\nexec cat\n`,
      { mode: 0o755 },
    );
    const old = await SshServer.start([`SetEnv HOME=${server.file('home')} PATH=${server.file('home')}:/usr/bin:/bin`]);
    await assert.rejects(
      openSshSession(old.access(), 'steps'),
      /bash on 127\.0\.0\.1 is 4\.4, and steps need 5\.1 or newer/,
    );
    await old.close();
    rmSync(server.file('home/bash'));
  });

  it('is noticed to ask for a password, though nobody may look into what asks', {
    skip: process.getuid?.() !== 0,
  }, async () => {
    const ordinary = await SshServer.startWithLogin();
    const session = await openSshSession(ordinary.access(), 'steps');
    const asked = await runIn(session, 'su root -c id');
    assert.deepEqual(asked.end, { kind: 'waits-for-input', program: 'su' });
    assert.match(asked.output, /^Password: /);
    assert.equal((await runIn(session, 'stty -echo; sleep 1; stty echo; echo ok')).output, 'ok\r\n');
    await session.close();
    await ordinary.close();
  });

  it('that gives one session only: keys end a command, or else the connection', async () => {
    const narrow = await SshServer.start(['MaxSessions 1']);
    const notices: string[] = [];
    const session = await openSshSession(narrow.access(), 'steps', { onNotice: (text) => void notices.push(text) });
    assert.match(
      notices.join('\n'),
      /^host there: no helper runs beside the shell \(.*\): a command that waits for keys .*nohup.*$/,
    );
    assert.equal((await runIn(session, 'cat', 500)).end.kind, 'timed-out');
    assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    const deaf = await runIn(session, `bash -c 'trap "" INT QUIT; while :; do sleep 0.1; done'`, 300);
    assert.match(
      deaf.end.kind === 'disconnected' ? deaf.end.why : '',
      /not end within 0\.3 s, and did not heed Ctrl-C.*may still run/,
    );
    assert.equal((await runIn(session, 'echo never')).end.kind, 'disconnected');
    await session.close();
    await narrow.close();
  });

  it('shows a terminal to those who watch, from its beginning, without what is typed for it', async () => {
    const session = await openSshSession(server.access(), 'steps');
    const seen: string[] = [];
    const listener = {
      output: (text: string) => void seen.push(text),
      began: (sequence: number) => void seen.push(`[${sequence}`),
      ended: (sequence: number) => void seen.push(`${sequence}]`),
      gone: (why: string) => void seen.push(`gone: ${why}`),
    };
    await runIn(session, 'echo one');
    session.watch(listener);
    assert.equal(session.shownBefore, 0);
    await runIn(session, 'echo two\necho three');
    session.write('echo typed\r');
    await eventually('the keys are answered', () =>
      /typed\r\ntyped\r\n/.test(seen.join('').replace(/\x1b\[\?2004[hl]\r?/g, '')),
    );
    assert.equal(await session.busy(), undefined);
    session.write('sleep 60\r');
    await eventually("the reader's program runs", async () => (await session.busy()) === 'sleep');
    const refused = await runIn(session, 'echo never');
    assert.match(refused.end.kind === 'disconnected' ? refused.end.why : '', /busy with sleep/);
    session.write('\x03');
    await eventually('it is at an end', async () => (await session.busy()) === undefined);
    assert.equal((await runIn(session, 'echo four')).output, 'four\r\n');
    await session.close();
    const all = seen.join('');
    assert.match(
      all,
      /[$#] echo one\r\n.*\[1one\r\n1\].*echo two\r\necho three\r\n.*\[2two\r\nthree\r\n2\].*\[3four\r\n3\]/s,
    );
    assert.match(all, /gone: the session was closed$/);
    assert.doesNotMatch(all, /__tj|__tejun|never|@[0-9a-f]{32}/);
  });
});

describe('what waits for keys where the kernel hides system calls', () => {
  let server: SshServer;
  let listening: ReturnType<typeof createServer>;
  before(async () => {
    server = await SshServer.start();
    listening = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(listening, 'listening');
  });
  after(async () => {
    listening.close();
    await server.close();
  });

  it('is told by what it sleeps in, and what it could wait for besides', async () => {
    const address = listening.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const connection = await connect(server.settings);
    const helper = await RemoteHelper.start(connection);
    if (typeof helper === 'string') assert.fail(helper);
    const look = async (command: string): Promise<boolean> => {
      const channel = await connection.exec(`tty; echo pid $$; exec ${command}`, {
        term: 'dumb',
        cols: 80,
        rows: 24,
        width: 0,
        height: 0,
      });
      let printed = '';
      channel.on('data', (chunk: Buffer) => {
        printed += String(chunk);
      });
      await eventually('it says who it is', () => /pid \d+\r\n/.test(printed));
      const pid = Number(/pid (\d+)/.exec(printed)?.[1]);
      const terminal = /\/dev\/pts\/\d+/.exec(printed)?.[0] ?? '';
      await eventually('it sleeps', async () => (await helper.process(pid))?.state === 'S');
      const found = readsTerminal(await helper.look(pid), terminal);
      channel.close();
      return found;
    };
    assert.equal(await look('cat'), true);
    assert.equal(await look('head -1'), true);
    assert.equal(await look('sleep 30'), false);
    assert.equal(await look(`bash -c 'cat <(sleep 30)'`), false);
    assert.equal(await look(`bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; exec cat <&3'`), false);
    assert.equal(
      await look(`bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; exec cat'`),
      false,
      'it may wait for the socket',
    );
    connection.close();
  });
});
