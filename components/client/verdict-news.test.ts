import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepView } from '../../core/protocol/server-message.ts';
import { trialOutcome } from '../../core/run/outcome-trial.ts';
import { verdictNews } from './verdict-news.ts';

const view = (status: StepView['status']): StepView => ({
  step: 'dump',
  hash: '',
  status,
  host: 'postgres1',
  command: 'true',
  attempt: 1,
  elapsedMs: 1500,
  diff: undefined,
  output: '',
  outcome:
    status === 'done'
      ? trialOutcome({
          step: 'dump',
          verdict: 'failed',
          reason: 'exit code 1, expected 0',
          end: { kind: 'exited', code: 1 },
          durationMs: 1500,
        })
      : undefined,
  place: undefined,
});

test('a listener hears how a step ended, and nothing of what a page finds when it comes', () => {
  assert.equal(verdictNews(view('running'), view('done')), 'dump: failed, 1.5 s');
  assert.equal(verdictNews(view('queued'), view('done')), 'dump: failed, 1.5 s');
  assert.equal(verdictNews(undefined, view('done')), undefined);
  assert.equal(verdictNews(view('idle'), view('done')), undefined);
  assert.equal(verdictNews(view('queued'), view('running')), undefined);
});
