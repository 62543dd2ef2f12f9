import { createHiding } from '../../core/recording/hide-values.ts';
import { makeRecording } from '../../core/recording/make-recording.ts';
import type { RunEvent } from '../../core/run/model.ts';
import { RunLog, runEvents } from './run-log.ts';

// For tests: writes a run log of so many megabytes, records it, and prints what came of it.
const [path = '', megabytes = ''] = process.argv.slice(2);
const log = new RunLog(path);
const step = 'floods';
const lines = `${'a line of a flood, as a step prints it\r\n'.repeat(1600)}`.slice(0, 62_500);
const outcome = {
  step,
  host: 'a',
  command: 'flood',
  verdict: 'passed',
  end: { kind: 'exited', code: 0 },
  diff: undefined,
  output: '',
  outputLines: 1,
  captures: {},
  durationMs: 1,
  attempts: 1,
  hints: [],
};
const events: readonly RunEvent[] = [
  {
    kind: 'run-started',
    at: 0,
    version: 1,
    run: 'r',
    runbook: 'flood',
    file: 'flood.mdx',
    title: 'Flood',
    lab: 'linux',
    instance: '1',
    date: '2026-12-01T00:00:00Z',
    facts: {},
    steps: [{ id: step, hash: 'h' }],
  },
  { kind: 'step-started', at: 1, step, host: 'a', command: 'flood', attempt: 1, session: 'steps', sequence: 1 },
];
for (const event of events) log.append(event);
for (let count = 0; count < Number(megabytes) * 16; count++) log.append({ kind: 'output', at: 2, step, data: lines });
log.append({ kind: 'output', at: 3, step, data: '\r\nthe last line\r\n' });
log.append({ kind: 'step-ended', at: 4, outcome } as unknown as RunEvent);
log.append({ kind: 'run-ended', at: 5, verdict: 'passed' });
log.close();

const made = await makeRecording(runEvents(path), createHiding([]));
if ('problem' in made) throw new Error(made.problem);
const shown = (made.casts.a?.events ?? []).map((event) => ('data' in event ? event.data : '')).join('');
const notice = /….*…/.exec(shown)?.[0];
const last = shown.trimEnd().split('\r\n').at(-2);
console.log(JSON.stringify({ verdict: made.recording.verdict, shown: shown.length, notice, last }));
