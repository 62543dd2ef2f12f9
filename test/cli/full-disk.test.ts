import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { smallDisk } from '../conformance/small-disk.ts';
import { page, Workspace } from './workspace.ts';

const talks = page(`
~~~sh step=first
echo one
~~~

~~~sh step=talks
seq -f 'line %g of some' 1 3000
~~~

~~~sh step=last
echo two
~~~
`);

suite('what cannot be kept is no pass', () => {
  const workspace = new Workspace({ 'talks.mdx': talks, 'fine.mdx': page('~~~sh step=a\necho one\n~~~\n') });
  after(() => workspace.close());
  const runs = join(workspace.root, '.tejun', 'runs');

  /** Runs in a shell line, in which `tejun` is the program. */
  const inShell = (line: string): Promise<string> => {
    const script = `tejun() { "${process.execPath}" runner/main.ts "$@"; }; ${line}`;
    return new Promise((resolve) =>
      execFile('bash', ['-c', script], { cwd: workspace.root }, (_, stdout, stderr) => resolve(stdout + stderr)),
    );
  };

  /** The call ended with 3 and said why in a sentence; nothing runs any more. */
  const told = async (shown: string, why: RegExp): Promise<void> => {
    assert.match(shown, /^ended with 3$/m);
    assert.match(shown, why);
    assert.doesNotMatch(shown, /^ +at /m, 'no stack');
    await workspace.nothingIsLeft();
  };

  test('a run log that finds no room, wherever in the run that is', async (context) => {
    for (const blocks of [0, 1, 2, 5, 12]) {
      const disk = await smallDisk();
      if (disk === undefined) return context.skip('user namespaces are not to be had here, so no small disk either');
      try {
        mkdirSync(join(workspace.root, '.tejun'), { recursive: true });
        rmSync(runs, { recursive: true, force: true });
        symlinkSync(disk.path, runs);
        const spare = join(disk.path, 'spare');
        writeFileSync(spare, Buffer.alloc(4096 * blocks));
        disk.fill();
        rmSync(spare);
        const shown = await inShell('tejun verify talks; echo "ended with $?"');
        await told(shown, /no space left on device|could not be written \(/);
        assert.doesNotMatch(shown, /^passed +1 runbook/m);
      } finally {
        rmSync(runs, { force: true });
        disk.close();
      }
    }
  });

  test('a folder of run logs that cannot be made', async () => {
    writeFileSync(runs, 'a file');
    try {
      await told(await inShell('tejun verify fine; echo "ended with $?"'), /^the system refused: .*runs/m);
    } finally {
      rmSync(runs);
    }
  });

  for (const format of ['json', 'junit', 'tap'])
    test(`a report that finds no room: ${format}`, async () => {
      const why = new RegExp(`^the ${format} report could not be written to /dev/full `, 'm');
      await told(await inShell(`tejun verify fine --report ${format}=/dev/full; echo "ended with $?"`), why);
    });

  test('a report of which a part found no room: nothing of it is left, nor of an older one', async (context) => {
    const disk = await smallDisk();
    if (disk === undefined) return context.skip('user namespaces are not to be had here, so no small disk either');
    try {
      const report = join(disk.path, 'report.xml');
      const call = `tejun verify fine --report junit=${report}; echo "ended with $?"`;
      assert.match(await inShell(call), /^ended with 0$/m);
      assert.match(readFileSync(report, 'utf8'), /<testsuites/);
      rmSync(report);
      disk.fill();
      writeFileSync(report, '');
      await told(await inShell(call), /^the junit report could not be written/m);
      assert.equal(existsSync(report), false);
    } finally {
      disk.close();
    }
  });

  test('a report on standard output that finds no room', async () => {
    const shown = await inShell('tejun verify fine --report tap >/dev/full; echo "ended with $?"');
    await told(shown, /^standard output could not be written/m);
  });

  test('a file of a report that is a folder, before anything runs', async () => {
    const before = workspace.logs().length;
    const shown = await inShell('tejun verify fine --report json=labs; echo "ended with $?"');
    assert.match(shown, /labs cannot be written \(it is a folder\)\nended with 2$|ended with 2\n.*it is a folder/);
    assert.equal(workspace.logs().length, before);
  });

  test('a reader of both outputs that has had enough stops it', async () => {
    const shown = await inShell('{ tejun verify talks 2>&1; echo "ended with $?" >&3; } 3>&2 | head -n 1');
    assert.match(shown, /^ended with 3$/m);
    await workspace.nothingIsLeft();
  });
});
