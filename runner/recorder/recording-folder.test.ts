import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MadeRecording } from '../../core/recording/make-recording.ts';
import { parseRecording } from '../../core/recording/parse.ts';
import { recordingFolder, writeRecording } from './recording-folder.ts';

// Two recordings of one runbook, each with casts of three hosts that no other has.
const made = ['first', 'second'].map((name): MadeRecording => {
  const cast = (host: string) => ({
    header: { columns: 80, rows: 24, title: name },
    events: Array.from({ length: 2000 }, (_, at) => ({ at, kind: 'output' as const, data: `${name} on ${host}\r\n` })),
  });
  const casts = { one: cast('one'), two: cast('two'), [name]: cast(name) };
  const recording = { version: 1, runbook: 'a/b', lab: 'lab', date: '2026-11-23T00:00:00Z', durationMs: 1 } as const;
  return { recording: { ...recording, verdict: 'passed', hosts: {}, steps: [] }, casts };
});

function readBack(root: string): string {
  const folder = recordingFolder(root, 'a/b', 'lab');
  const read = parseRecording(readFileSync(join(folder, 'recording.json'), 'utf8'), {
    file: folder,
    runbook: 'a/b',
    lab: 'lab',
  });
  assert.ok(read.kind === 'recording', JSON.stringify(read));
  for (const [host, name] of Object.entries(read.recording.casts)) {
    const hash = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    assert.equal(name, `${host}-${hash.slice(0, 8)}.cast`);
  }
  return Object.keys(read.recording.casts).at(-1) ?? '';
}

test('a recording is replaced as a whole or not at all, whenever its writer is killed', async (context) => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-recording-'));
  context.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'made.json'), JSON.stringify(made));
  const writer = `
    import { readFileSync } from 'node:fs';
    import { writeRecording } from ${JSON.stringify(join(import.meta.dirname, 'recording-folder.ts'))};
    const made = JSON.parse(readFileSync('made.json', 'utf8'));
    for (let round = 0; ; round++) writeRecording('.', made[round % 2]);`;
  const leftOver = new Set<number>();
  const seen = new Set<string>();
  const folder = recordingFolder(root, 'a/b', 'lab');
  writeRecording(root, made[1] ?? assert.fail());
  for (let round = 1; round <= 12; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer], { cwd: root, stdio: 'inherit' });
    // Each file that is made, written or renamed is a change: the kill falls a little after one of them.
    let changes = 0;
    for await (const _ of watch(folder)) if (++changes === 3 * round) break;
    child.kill('SIGKILL');
    await once(child, 'exit');
    seen.add(readBack(root));
    leftOver.add(readdirSync(folder).length);
  }
  assert.ok(leftOver.size > 1, 'some were killed in the middle');
  assert.deepEqual([...seen].sort(), ['first', 'second']);
  for (const each of made) {
    const { recording } = writeRecording(root, each);
    assert.deepEqual(readdirSync(folder).sort(), [...Object.values(recording.casts), 'recording.json'].sort());
    assert.equal(readBack(root), Object.keys(each.casts).at(-1));
  }
});

test('recordings of pages below others lie below theirs and stay', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-recording-'));
  context.after(() => rmSync(root, { recursive: true }));
  const [first, second] = made;
  assert.ok(first && second);
  writeRecording(root, { ...first, recording: { ...first.recording, runbook: 'a/b/lab' } });
  writeRecording(root, second);
  writeRecording(root, first);
  assert.equal(readdirSync(recordingFolder(root, 'a/b/lab', 'lab')).length, 4);
});
