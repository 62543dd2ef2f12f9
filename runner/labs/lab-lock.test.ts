import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { lockLab } from './lab-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'tejun-lock-'));
after(() => rmSync(folder, { recursive: true }));

test('a lock keeps others away, says who holds it, and can be given back', async () => {
  const path = join(folder, 'a');
  const release = await lockLab('linux', path);
  await assert.rejects(
    lockLab('linux', path),
    new RegExp(`linux is in use by process ${process.pid} \\(tejun.*\\) since 20`),
  );
  release();
  (await lockLab('linux', path))();
});

test('a killed holder holds nothing', async () => {
  const path = join(folder, 'b');
  const code = `import { lockLab } from ${JSON.stringify(join(import.meta.dirname, 'lab-lock.ts'))};
    await lockLab('linux', ${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  await assert.rejects(lockLab('linux', path), new RegExp(`process ${holder.pid} `));
  holder.kill('SIGKILL');
  (await lockLab('linux', path))();
});
