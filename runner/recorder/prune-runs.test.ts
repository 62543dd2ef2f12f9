import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Verdict } from '../../core/run/model.ts';
import { type Batch, BatchFolder } from './batch.ts';
import { prunable, removeBatch, removeLeftovers } from './prune-runs.ts';
import { RunLog } from './run-log.ts';

const runs = mkdtempSync(join(tmpdir(), 'tejun-prune-'));
after(() => rmSync(runs, { recursive: true }));

const now = new Date('2026-12-01T00:00:00Z');
/** No process has it: it is beyond what Linux gives. */
const nobody = 4_194_305;

/** Makes a batch of one run, so many days ago; without a verdict its run did not end. */
function batch(days: number, verdict: Verdict | undefined, more: Partial<Batch> = {}, pid = nobody): string {
  const date = new Date(now.getTime() - days * 86_400_000).toISOString();
  const name = `${date.replace(/[-:]/g, '')}-${pid}`;
  const runbooks = [{ id: 'page', file: 'page.mdx', lab: 'linux' }];
  const folder = BatchFolder.create(runs, name, { version: 1, date, runbooks, variables: {}, ...more });
  const log = new RunLog(folder.log('page'));
  log.append({
    kind: 'run-started',
    at: 0,
    version: 1,
    run: name,
    runbook: 'page',
    file: 'page.mdx',
    title: 'Page',
    lab: 'linux',
    instance: '1',
    date,
    facts: {},
    steps: [{ id: 'a', hash: 'h' }],
  });
  if (verdict !== undefined) log.append({ kind: 'run-ended', at: 1, verdict });
  log.close();
  return name;
}

test('what somebody can go on with or take is never among what may go', () => {
  const old = [batch(90, 'passed'), batch(80, undefined)];
  batch(70, 'passed');
  old.push(batch(65, 'failed'));
  batch(60, 'failed');
  old.push(batch(55, 'passed', { only: 'a' }));
  const working = batch(50, undefined, {}, process.pid);
  batch(45, 'passed', { purpose: 'accept' });
  const names = (folders: readonly BatchFolder[]): readonly string[] => folders.map(({ name }) => name);
  assert.deepEqual(names(prunable(runs, now, { count: 0, days: 0 })), old);
  assert.ok(!names(prunable(runs, now, { count: 0, days: 0 })).includes(working));
});

test('what is young enough, or among the newest, stays', () => {
  assert.equal(prunable(runs, now, { count: 0, days: 85 }).length, 1);
  assert.equal(prunable(runs, now, { count: 7, days: 0 }).length, 1);
  assert.equal(prunable(runs, now).length, 0);
});

test('removed is the folder with all that is in it', () => {
  const before = readdirSync(runs).length;
  const [first] = prunable(runs, now, { count: 0, days: 85 });
  assert.ok(first);
  removeBatch(first);
  assert.equal(readdirSync(runs).length, before - 1);
  assert.deepEqual(prunable(runs, now, { count: 0, days: 85 }), []);
});

test('a batch that a killed runner was removing is none any more, and is removed', () => {
  const name = batch(40, 'passed');
  const left = join(runs, `.removed-${name}`);
  renameSync(join(runs, name), left);
  assert.ok([...BatchFolder.all(runs)].every((folder) => !folder.name.includes(name)));
  removeLeftovers(runs);
  assert.equal(existsSync(left), false);
  removeLeftovers(join(runs, 'no such folder'));
});
