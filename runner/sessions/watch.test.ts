import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { localHost } from '../../test/conformance/local-host.ts';
import { runIn } from '../../test/conformance/sessions.ts';
import { HiddenNonce } from './hidden-nonce.ts';
import { type LocalSession, openLocalSession, sweepSessions } from './open-session.ts';
import type { HostAccess } from './session.ts';
import type { TerminalListener } from './shown-text.ts';

const hosts: HostAccess[] = [];

function newHost(): HostAccess {
  const host = localHost();
  hosts.push(host);
  return host;
}

// Also what a test that failed has left.
afterEach(async () => {
  for (const { directory } of hosts.splice(0)) await sweepSessions(directory);
});

/** Keeps all that a listener is told; commands as `‹3` and `3›`. */
class Watched implements TerminalListener {
  told = '';
  units = 0;
  goneBy: string | undefined;
  /** What the next output has to wait for. */
  hold: Promise<void> | undefined;

  constructor(session: LocalSession) {
    session.watch(this);
  }

  output(text: string): Promise<void> | undefined {
    this.told = (this.told + text).slice(-200_000);
    this.units += text.length;
    return this.hold;
  }

  began(sequence: number): void {
    this.told += `‹${sequence}`;
  }

  ended(sequence: number): void {
    this.told += `${sequence}›`;
  }

  gone(why: string): void {
    this.goneBy = why;
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const late = AbortSignal.timeout(20_000); !isSo(); await delay(5))
    assert.ok(!late.aborted, `waited in vain until ${what}`);
}

describe('who watches a terminal', () => {
  it('sees prompts, commands as they are written, output, and what is typed', async () => {
    const session = await openLocalSession(newHost(), 'main');
    const watched = new Watched(session);
    await runIn(session, 'echo one\necho "two\t手順"');
    await runIn(session, 'cd /usr; (exit 3)');
    await until('the prompt is there', () => /2›.*[$#] $/s.test(watched.told));
    session.write('x=5; echo ${x}5\r');
    await until('it is done', () => /55\r\n.*\$ $|55\r\n.*# $/s.test(watched.told));
    const prompt = '\x1b\\[\\?2004h[^\\n]*:DIR[$#] ';
    const expected = [
      `${prompt.replace('DIR', '~')}echo one\r\necho "two\t手順"\r\n\x1b\\[\\?2004l‹1one\r\ntwo\t手順\r\n1›`,
      `${prompt.replace('DIR', '~')}cd /usr; \\(exit 3\\)\r\n\x1b\\[\\?2004l‹22›`,
      `${prompt.replace('DIR', '/usr')}x=5; echo \\$\\{x\\}5\r\n\x1b\\[\\?2004l\r55\r\n${prompt.replace('DIR', '/usr')}`,
    ];
    assert.match(watched.told, new RegExp(`^${expected.join('')}$`));
    await session.close();
    assert.equal(watched.goneBy, 'the session was closed');
  });

  it('is shown nothing of our typing while the terminal changes its size, which draws the line anew', async () => {
    const session = await openLocalSession(newHost(), 'main');
    const watched = new Watched(session);
    let done = false;
    const resizing = (async () => {
      for (let width = 80; !done; width = width === 80 ? 120 : 80) await session.resize(width, 30);
    })();
    for (let count = 0; count < 100; count++) await runIn(session, `: ${count}`);
    done = true;
    await resizing;
    await until('the last one is shown', () => watched.told.includes(': 99'));
    assert.doesNotMatch(watched.told, /__t|builtin/);
    await session.close();
  });

  it('is shown the same when coming later, also by the next runner', async () => {
    const access = newHost();
    const session = await openLocalSession(access, 'main');
    const first = new Watched(session);
    await runIn(session, 'seq 3; printf "\\377\\303"');
    session.write('echo half');
    await until('it is echoed', () => first.told.endsWith('echo half'));
    await runIn(session, 'echo whole');
    await until('the prompt is there', () => /whole\r\n2›.*[$#] $/s.test(first.told));
    assert.match(first.told, /echo half\^C\r\n[^\n]*[$#] echo whole\r\n/);
    const second = new Watched(session);
    assert.equal(second.told, first.told);
    const { terminal } = session;
    session.detach();
    const next = await openLocalSession(access, 'main');
    const third = new Watched(next);
    assert.deepEqual([third.told, next.terminal, next.shownBefore], [first.told, terminal, 0]);
    await runIn(next, 'echo more');
    assert.match(third.told.slice(first.told.length), /^echo more\r\n\x1b\[\?2004l‹3more\r\n3›/);
    await next.close();
  });

  it('is shown nothing twice when a command is taken up', async () => {
    const access = newHost();
    const first = await openLocalSession(access, 'main');
    const running = runIn(first, 'echo begun; sleep 0.5; echo over');
    await until('it runs', () => spoolOf(access).includes('begun\r\n'));
    first.detach();
    await running;
    const session = await openLocalSession(access, 'main');
    const watched = new Watched(session);
    let output = '';
    await session.takeUp(1, {
      timeout: 10_000,
      signal: new AbortController().signal,
      onOutput: (text) => {
        output += text;
      },
    });
    assert.equal(output, 'begun\r\nover\r\n');
    assert.match(watched.told, /‹1begun\r\nover\r\n1›/);
    assert.equal(watched.told.split('begun\r\n').length, 2);
    await session.close();
  });

  it('hears that the shell ended, whoever ended it', async () => {
    const session = await openLocalSession(newHost(), 'main');
    const watched = new Watched(session);
    session.write('exit 3\r');
    await until('it ended', () => watched.goneBy !== undefined);
    assert.equal(watched.goneBy, 'the shell has ended with exit code 3');
    assert.doesNotMatch(watched.told, /Script/);
    assert.equal((await runIn(session, 'true')).end.kind, 'disconnected');
    await session.close();
  });

  it('holds a flood back: what lies between is little, and keys still arrive', async () => {
    const access = newHost();
    const session = await openLocalSession(access, 'main');
    const watched = new Watched(session);
    const gate = Promise.withResolvers<void>();
    session.write('yes\r');
    await until('it floods', () => /y\r\ny\r\n/.test(watched.told));
    watched.hold = gate.promise;
    const unread = (): number => statSync(spoolPath(access)).size - watched.units;
    await until('the flood stands', () => unread() > 128 * 1024);
    const sizes: number[] = [];
    await until(
      'the flood stands still',
      () => sizes.push(statSync(spoolPath(access)).size) > 9 && sizes.at(-9) === sizes.at(-1),
    );
    assert.ok(unread() < 2 * 1024 * 1024, `${unread()} bytes`);
    session.write('\x03');
    watched.hold = undefined;
    gate.resolve();
    await until('the prompt is back', () => /\^C.*[$#] $/s.test(watched.told));
    await session.close();
  });

  it('does not make the spool grow, however long a reader lets something run', async () => {
    const access = newHost();
    const session = await openLocalSession(access, 'main');
    const watched = new Watched(session);
    session.write('yes\r');
    let most = 0;
    await until('much has come', () => {
      most = Math.max(most, statSync(spoolPath(access)).size);
      return watched.units > 40e6;
    });
    assert.ok(most < 32 * 1024 * 1024, `${most} bytes`);
    session.write('\x03');
    await until('the prompt is back', () => /\^C.*[$#] $/s.test(watched.told));
    const late = new Watched(session);
    assert.equal(session.shownBefore + late.units, watched.units, 'offsets go on');
    const { terminal } = session;
    session.detach();
    const next = await openLocalSession(access, 'main');
    assert.equal(next.terminal, terminal);
    assert.equal(next.shownBefore + new Watched(next).units, watched.units);
    await next.close();
  });
});

describe('a terminal with a reader', () => {
  it('is busy with what the reader runs, and nothing is typed into it', async () => {
    const session = await openLocalSession(newHost(), 'main');
    const watched = new Watched(session);
    assert.equal(await session.busy(), undefined);
    session.write('cat >typed\r');
    assert.equal(await session.busy(), 'cat');
    const { end } = await runIn(session, 'echo intruder');
    assert.match(
      end.kind === 'disconnected' ? end.why : '',
      /the terminal on here is busy with cat: end it there \(Ctrl-C\)/,
    );
    session.write('mine\r\x04');
    await until('the prompt is back', () => /mine\r\n.*[$#] $/s.test(watched.told));
    assert.equal(await session.busy(), undefined);
    assert.equal((await runIn(session, 'cat typed')).output, 'mine\r\n');
    for (const line of ['while :; do :; done\r', `echo 'open\r`]) {
      session.write(line);
      assert.match((await session.busy()) ?? '', /bash|command line/, line);
      assert.equal((await runIn(session, 'echo intruder')).end.kind, 'disconnected');
      const before = watched.units;
      session.write('\x03');
      await until('the prompt is back', () => watched.units > before && /[$#] $/.test(watched.told));
    }
    assert.doesNotMatch(watched.told, /intruder/);
    await session.close();
  });
});

describe('the nonce', () => {
  it('is never shown, however its text is cut, and holds no typing back', () => {
    const nonce = '@0123456789abcdef';
    const text = `a@0 ${nonce} @012 x${nonce.slice(1)}y @ ${nonce}${nonce}@0123456789abcde`;
    const whole = text.replaceAll(nonce.slice(1), '…');
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const hidden = new HiddenNonce(nonce);
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        const shown = pieces.map((piece) => hidden.write(piece)).join('') + hidden.end();
        if (first > text.indexOf('x0') + 1 && first < text.indexOf('y')) continue;
        if (second > text.indexOf('x0') + 1 && second < text.indexOf('y')) continue;
        assert.equal(shown, whole, `cut at ${first} and ${second}`);
      }
    }
    const typing = new HiddenNonce(nonce);
    for (const key of 'echo 0 @') assert.equal(typing.write(key), key);
  });
});

function spoolPath(access: HostAccess): string {
  return join(access.directory, 'main', 'spool');
}

function spoolOf(access: HostAccess): string {
  return readFileSync(spoolPath(access), 'utf8');
}
