import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { reduceEvents } from '../../core/run/state.ts';
import { BatchFolder } from './batch.ts';
import { DamagedRecord } from './damaged-record.ts';
import { RunLog, runEvents } from './run-log.ts';

test('a torn last line is dropped and the log goes on', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tejun-run-log-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'operations', 'pitr.jsonl');
  const log = new RunLog(path);
  log.append({
    kind: 'run-started',
    at: 0,
    version: 1,
    run: 'r',
    runbook: 'operations/pitr',
    file: 'f',
    title: 't',
    lab: 'linux',
    instance: '1',
    date: 'd',
    facts: {},
    steps: [{ id: 'one', hash: 'h' }],
  });
  log.append({ kind: 'output', at: 5, step: 'one', data: 'caf\udce9' });
  log.close();
  appendFileSync(path, '{"kind":"run-ended","at":9,"verd');

  const torn = [...runEvents(path)];
  assert.equal(reduceEvents(torn).verdict, undefined);
  assert.deepEqual(torn[1], { kind: 'output', at: 5, step: 'one', data: 'caf\udce9' });

  const resumed = new RunLog(path);
  resumed.append({ kind: 'run-ended', at: 10, verdict: 'passed' });
  resumed.close();
  assert.equal(reduceEvents(runEvents(path)).verdict, 'passed');
});

test('a damaged line in the middle is an error, not a shorter run', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tejun-run-log-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a.jsonl');
  appendFileSync(path, '{"kind":"run-re\n{"kind":"run-ended","at":1,"verdict":"passed"}\n');
  assert.throws(() => [...runEvents(path)], /a\.jsonl:1: this run log is damaged: .*\n {4}hint: move it away/);
});

test('a damaged file of a batch is an error that names it, not a batch less', (context) => {
  const runs = mkdtempSync(join(tmpdir(), 'tejun-run-log-'));
  context.after(() => rmSync(runs, { recursive: true }));
  const batch = { version: 1 as const, date: 'd', runbooks: [], variables: {} };
  BatchFolder.create(runs, '1', batch);
  const newer = BatchFolder.create(runs, '2', batch);
  assert.deepEqual(
    [...BatchFolder.all(runs)].map(({ name }) => name),
    ['2', '1'],
  );
  // As the machine leaves a file that it had no time to write to the disk.
  writeFileSync(join(newer.path, 'batch.json'), '');
  assert.throws(
    () => [...BatchFolder.all(runs)],
    (error) => error instanceof DamagedRecord && /2\/batch\.json: .* is damaged: it is not JSON/.test(error.message),
  );
});

test('a log that is much larger than memory is read, and recorded', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tejun-run-log-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a.jsonl');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=64', join(import.meta.dirname, 'large-log.ts'), path, '200'],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  const { verdict, shown, notice, last } = JSON.parse(stdout) as Record<string, unknown>;
  assert.equal(verdict, 'passed');
  assert.ok(typeof shown === 'number' && shown < 300_000);
  assert.equal(notice, '… 199.7 MB of output are left out here …');
  assert.equal(last, 'the last line');
});
