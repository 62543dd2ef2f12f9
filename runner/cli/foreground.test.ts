import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const module = JSON.stringify(join(import.meta.dirname, 'foreground.ts'));
const program = `import(${module}).then(({ hasKeyboard }) => console.log("keys: " + hasKeyboard()))`;

test('only in the foreground of a terminal the keys are ours', () => {
  const node = `'${process.execPath}' -e '${program}'`;
  // `script` gives a terminal, `set -m` the job control of a shell that somebody types in.
  const shell = `set -m; ${node}; ${node} & wait`;
  const { stdout, stderr } = spawnSync('script', ['-qec', 'bash -c "$COMMAND"', '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, COMMAND: shell },
    timeout: 20_000,
  });
  assert.deepEqual(stdout.match(/keys: \w+/g), ['keys: true', 'keys: false'], stdout + stderr);
  assert.equal(spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' }).stdout, 'keys: false\n');
});
