import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { attemptsOf } from '../../core/recording/attempts.ts';
import type { Outcome, RunEvent } from '../../core/run/model.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { localHost } from '../../test/conformance/local-host.ts';
import { type ExecutionSettings, executeHere } from '../../test/execution.ts';
import { openLocalSession } from '../sessions/open-session.ts';

/** Executes one step, and tells its outcome and what was written down. */
async function ended(
  attributes: string,
  command: string,
  settings: ExecutionSettings = {},
): Promise<{ readonly outcome: Outcome; readonly events: readonly RunEvent[] }> {
  const page = `\`\`\`sh step=it ${attributes}\n${command}\n\`\`\`\n\n\`\`\`expect\nyes\n\`\`\`\n`;
  const { runbook, problems } = extractRunbook(page, { file: 'until.mdx', id: 'until' });
  assert.deepEqual(problems, []);
  const events: RunEvent[] = [];
  const state = await executeHere(runbook, {
    ...settings,
    onEvent: (event) => {
      events.push(event);
      settings.onEvent?.(event);
    },
  });
  return { outcome: state.steps[0]?.outcome ?? assert.fail('no outcome'), events };
}

/** Ends as told the first time, and later only when it is ended. */
const onceThenForEver = (first: string): string =>
  `if test -e ~/again; then echo half; sleep 1000; fi\ntouch ~/again\n${first}`;

suite('a step with `until` whose time ends', () => {
  test('in the midst of an attempt is judged, shown and recorded by the last whole one', async () => {
    const { outcome, events } = await ended('until=1500ms', onceThenForEver('echo no'));
    assert.equal(outcome.verdict, 'failed');
    assert.equal(outcome.reason, 'output is not as expected — still so after 1.5 s and 1 attempt');
    assert.deepEqual([outcome.output, outcome.end, outcome.attempts], ['no', { kind: 'exited', code: 0 }, 1]);
    assert.ok(outcome.durationMs >= 1500);
    const shown = JSON.stringify(outcome.diff);
    assert.match(shown, /no/);
    assert.doesNotMatch(shown, /half|\^C/);
    const attempts = attemptsOf(events);
    assert.deepEqual(
      attempts.map(({ number, pieces }) => [number, pieces.map(({ text }) => text).join('')]),
      [[1, 'no\r\n']],
    );
  });

  test('in the midst of an attempt after one with a wrong exit code says that code', async () => {
    const { outcome } = await ended('until=1s', onceThenForEver('(exit 3)'));
    assert.deepEqual(
      [outcome.verdict, outcome.reason],
      ['failed', 'exit code 3, expected 0 — still so after 1 s and 1 attempt'],
    );
  });

  test('in the midst of the first attempt says so, with a hint', async () => {
    const { outcome } = await ended('until=500ms', 'echo half; sleep 1000');
    assert.equal(outcome.verdict, 'timed-out');
    assert.equal(outcome.reason, 'its first attempt did not end within the 0.5 s of `until`; its processes were ended');
    assert.match(outcome.hints.join(), /a shorter `timeout`/);
    assert.match(outcome.output, /^half/);
  });

  test('after attempts that reached their own `timeout` says that one', async () => {
    const { outcome } = await ended('until=2s timeout=300ms', 'echo half; sleep 1000');
    assert.equal(outcome.verdict, 'timed-out');
    assert.match(
      outcome.reason ?? '',
      /^did not end within 0\.3 s; its processes were ended — still so after 2 s and \d+ attempts?$/,
    );
  });

  test('is not awaited when the shell is gone: that is an error', async () => {
    const { outcome } = await ended('until=1m', 'echo no; exit 3');
    assert.equal(outcome.verdict, 'errored');
    assert.match(outcome.reason ?? '', /^ended the shell itself \(exit code 3\)/);
    assert.equal(outcome.attempts, 1);
  });

  test('is not awaited when a person stops it', async () => {
    const stop = new AbortController();
    const { outcome } = await ended('until=1m', onceThenForEver('echo no'), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'output' && event.data.includes('half')) stop.abort();
      },
    });
    assert.deepEqual([outcome.verdict, outcome.reason], ['errored', 'was stopped before it ended']);
  });

  test('in an attempt that an earlier runner began says that the ones before are not known', async () => {
    const access = localHost();
    const session = await openLocalSession(access, 'steps');
    const begun = Promise.withResolvers<void>();
    const command = 'echo half; sleep 1000';
    const { signal } = new AbortController();
    void session.run({ command, timeout: 60_000, signal, onOutput: () => begun.resolve() });
    await begun.promise;
    session.detach();
    const started = { kind: 'step-started', step: 'it', host: 'here', command, session: 'steps', sequence: 1 } as const;
    const events: readonly RunEvent[] = [
      { ...started, at: 0, attempt: 1 },
      { ...started, at: 0, attempt: 4 },
    ];
    const { outcome } = await ended('until=1s', command, { resumed: { events, access } });
    assert.equal(outcome.verdict, 'timed-out');
    assert.match(outcome.reason ?? '', /^attempt 4, the first one after --resume, did not end within the 1 s/);
  });
});
