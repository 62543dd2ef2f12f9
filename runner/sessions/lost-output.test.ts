import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { eventually } from '../../test/conformance/eventually.ts';
import { localHost } from '../../test/conformance/local-host.ts';
import { runIn } from '../../test/conformance/sessions.ts';
import { type SmallDisk, smallDisk } from '../../test/conformance/small-disk.ts';
import { LostCount } from './lost-output.ts';
import { openLocalSession } from './open-session.ts';
import type { HostAccess } from './session.ts';
import { readState, sessionFiles } from './session-files.ts';

// Whatever hinders a terminal's output from being kept: no command whose output has a hole can pass.

const lost = /^\d+ bytes of it could not be written to .*\/spool \(No space left on device\); make room/;

suite('output that cannot be kept', () => {
  let disk: SmallDisk | undefined;
  let access: HostAccess;
  let count = 0;
  before(async () => {
    disk = await smallDisk();
    access = { ...localHost(), directory: join(disk?.path ?? '', 'sessions') };
  });
  after(() => disk?.close());

  const onDisk = (
    name: string,
    body: (disk: SmallDisk, session: string, context: TestContext) => Promise<void>,
  ): Promise<void> =>
    test(name, async (context) => {
      if (disk === undefined) return context.skip('user namespaces are not to be had here, so no small disk either');
      await body(disk, `s${++count}`, context);
    });

  /** Fills the disk, prints, makes room again, prints on. */
  const gap = (path: string): string =>
    `echo one; cat /dev/zero >${path}/big 2>/dev/null || :; seq 1 3000; rm ${path}/big; seq 3001 6000`;

  onDisk('for a while is told, and the shell lives', async ({ path }, name) => {
    const session = await openLocalSession(access, name);
    const { end, output } = await runIn(session, gap(path));
    assert.match(output, /\r\n6000\r\n$/);
    assert.equal(end.kind, 'output-lost');
    assert.match('why' in end ? end.why : '', lost);
    const next = await runIn(session, 'echo whole');
    assert.deepEqual([next.end, next.output], [{ kind: 'exited', code: 0 }, 'whole\r\n']);
    await session.close();
  });

  onDisk('together with the end of the command is told too', async (small, name) => {
    const session = await openLocalSession(access, name);
    const running = runIn(session, `cat /dev/zero >${small.path}/filler 2>/dev/null || :; seq 1 3000`);
    const count = new LostCount(sessionFiles(access.directory, name));
    await eventually('the prompt was lost', () => count.bytes() > 10_000);
    count.close();
    const { end } = await running;
    small.free();
    assert.equal(end.kind, 'output-lost');
    await session.close();
  });

  onDisk('while no runner looks is told by the next one', async ({ path }, name) => {
    const first = await openLocalSession(access, name);
    const began = Promise.withResolvers<void>();
    const command = `echo begun; until test -e ${path}/go; do sleep 0.02; done; ${gap(path)}; touch ${path}/done`;
    const signal = new AbortController().signal;
    const run = first.run({ command, timeout: 60_000, signal, onOutput: () => began.resolve() });
    await began.promise;
    first.detach();
    await run;
    writeFileSync(join(path, 'go'), '');
    await eventually('the command is done', () => existsSync(join(path, 'done')));
    const second = await openLocalSession(access, name);
    const end = await second.takeUp(1, { timeout: 20_000, signal, onOutput: () => undefined });
    assert.equal(end?.kind, 'output-lost');
    assert.deepEqual((await runIn(second, 'true')).end, { kind: 'exited', code: 0 });
    await second.close();
  });

  onDisk('of a command that ended its shell is told by the next one', async ({ path }, name) => {
    const first = await openLocalSession(access, name);
    const { end } = await runIn(first, `${gap(path)}; exit 0`);
    assert.equal(end.kind, 'output-lost');
    first.detach();
    const second = await openLocalSession(access, name);
    const signal = new AbortController().signal;
    const again = await second.takeUp(1, { timeout: 20_000, signal, onOutput: () => undefined });
    assert.equal(again?.kind, 'output-lost');
    await second.close();
  });

  onDisk('because of a limit on the size of files is told', async (_, name) => {
    const session = await openLocalSession(access, name);
    const holder = readState(sessionFiles(access.directory, name))?.holder ?? assert.fail('no state');
    assert.equal(spawnSync('prlimit', ['--pid', String(holder.pid), '--fsize=20000:unlimited']).status, 0);
    const { end } = await runIn(session, `seq 1 20000; prlimit --pid ${holder.pid} --fsize=unlimited`);
    assert.equal(end.kind, 'output-lost');
    assert.match('why' in end ? end.why : '', /\(File too large\)/);
    await session.close();
  });

  onDisk('of a command that cannot even be noted: nothing of it is run, and the shell lives', async (small, name) => {
    const session = await openLocalSession(access, name);
    small.fill();
    const refused = await runIn(session, `touch ${small.path}/ran`);
    small.free();
    assert.equal(refused.end.kind, 'refused');
    assert.match('why' in refused.end ? refused.end.why : '', /typed\.jsonl could not be written .*make room/);
    assert.deepEqual(await runIn(session, `test ! -e ${small.path}/ran; echo whole`), {
      end: { kind: 'exited', code: 0 },
      output: 'whole\r\n',
      sequence: refused.sequence + 1,
    });
    await session.close();
  });

  onDisk('of a command that begins on a full disk', async (small, name) => {
    const session = await openLocalSession(access, name);
    await runIn(session, 'echo first');
    small.fill();
    const { end } = await runIn(session, 'seq 1 3000');
    small.free();
    assert.equal(end.kind, 'output-lost');
    await session.close();
  });

  onDisk('is said of a shell that does not even come up', async (small, name) => {
    small.fill();
    await assert.rejects(openLocalSession(access, name), /could not be written|No space left on device/);
    small.free();
  });

  test('because somebody cut the file is told', async () => {
    const host = localHost();
    const session = await openLocalSession(host, 'main');
    const began = Promise.withResolvers<void>();
    const go = join(host.directory, 'go');
    const running = session.run({
      command: `seq 1 1000; until test -e ${go}; do sleep 0.02; done; echo more`,
      timeout: 20_000,
      signal: new AbortController().signal,
      onOutput: (text) => {
        if (text.includes('1000\r\n')) began.resolve();
      },
    });
    await began.promise;
    truncateSync(sessionFiles(host.directory, 'main').spool, 0);
    writeFileSync(go, '');
    const end = await running;
    assert.equal(end.kind, 'output-lost');
    assert.match('why' in end ? end.why : '', /spool became shorter while it was read/);
    await session.close();
  });
});
