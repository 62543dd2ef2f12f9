import pc from 'picocolors';
import type { Diff } from '../../core/expectation/model.ts';
import type { Outcome, Verdict } from '../../core/run/model.ts';
import { renderDiff } from './diff-text.ts';
import { LiveArea } from './live-area.ts';
import { formatMs, paintVerdict } from './summary-text.ts';
import { visible } from './visible.ts';

/** What a person at a terminal is told while runbooks run. */
export type Progress = {
  /** A line about the lab. */
  message(text: string): void;
  runStarted(title: string, runbook: string, lab: string, steps: number): void;
  stepStarted(step: string, host: string, command: string, attempt: number): void;
  preview(diff: Diff | undefined): void;
  /** `place` is `file:line` of the step. */
  stepEnded(outcome: Outcome, place: string): void;
  runEnded(verdict: Verdict): void;
  /** Clears what is live. */
  close(): void;
};

/** Where and how progress is shown; `live` redraws in place, otherwise each ended step is a plain line. */
export type ProgressOptions = {
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
  readonly live: boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
};

/** Lines of output that are shown of a step that did not pass and has no diff. */
const shownOutput = 12;

/** Shows progress on a stream. */
export function createProgress({ stream, color, live, now }: ProgressOptions): Progress {
  const paint = pc.createColors(color);
  const area = live ? new LiveArea(stream) : undefined;
  const print = (lines: readonly string[]): void => {
    area?.clear();
    stream.write(lines.map((line) => `${line}\n`).join(''));
  };
  let running:
    | { step: string; host: string; command: string; attempt: number; since: number; diff: Diff | undefined }
    | undefined;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    if (!running || !area) return;
    const { step, host, command, attempt, since, diff } = running;
    const again = attempt > 1 ? `, attempt ${attempt}` : '';
    const head = `${paint.cyan('running  ')} ${step} ${paint.dim(`on ${host}, ${formatMs(now() - since)}${again}`)}`;
    const first = visible(command.split('\n')[0] ?? '');
    area.draw([
      head,
      paint.dim(`          $ ${first}`),
      ...(diff ? renderDiff(diff, { color, limit: 8 }).map((line) => `    ${line}`) : []),
    ]);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    running = undefined;
    area?.clear();
  };

  return {
    message: (text) => print([paint.dim(text)]),
    runStarted: (title, runbook, lab, steps) =>
      print([
        '',
        `${paint.bold(title)} ${paint.dim(`${runbook} on ${lab}, ${steps === 1 ? '1 step' : `${steps} steps`}`)}`,
      ]),
    stepStarted: (step, host, command, attempt) => {
      const since = running?.step === step ? running.since : now();
      running = { step, host, command, attempt, since, diff: undefined };
      // Steps of a few milliseconds are not worth a flicker.
      if (area && !timer) timer = setInterval(draw, 100).unref();
    },
    preview: (diff) => {
      if (running) running.diff = diff;
    },
    stepEnded: (outcome, place) => {
      stop();
      print(endedLines(outcome, place, color));
    },
    runEnded: stop,
    close: stop,
  };
}

function endedLines(outcome: Outcome, place: string, color: boolean): readonly string[] {
  const paint = pc.createColors(color);
  const { verdict, step, durationMs, reason, attempts, diff, output, hints, host, command } = outcome;
  const tries = attempts > 1 ? paint.dim(` (${attempts} attempts)`) : '';
  const head = `${paintVerdict(verdict, paint)} ${formatMs(durationMs).padStart(8)}  ${step}${tries}`;
  if (verdict === 'passed') return [head];
  if (verdict === 'skipped') return [`${head}  ${paint.dim(reason ?? '')}`];
  const commandLines = visible(command)
    .split('\n')
    .map((line, index) => `${index === 0 ? '$' : '>'} ${line}`);
  // Output behind an ellipsis is in no diff row, and it is where an unexpected exit code is explained.
  const explained = reason?.startsWith('output') === true || diff?.problem !== undefined;
  const rows = diff ? renderDiff(diff, { color }) : [];
  const tail = output === '' || (explained && rows.length > 0) ? [] : visible(output).split('\n').slice(-shownOutput);
  const shown = [
    ...rows,
    ...(tail.length > 0 ? [paint.dim('output ends with'), ...tail.map((line) => `  ${line}`)] : []),
  ];
  return [
    head,
    ...[
      `${place}: ${visible(reason ?? verdict)}`,
      paint.dim(`on ${host}:`),
      ...commandLines.map((line) => paint.dim(line)),
      ...shown,
    ].map((line) => `    ${line}`),
    ...hints.flatMap((hint) =>
      visible(hint)
        .split('\n')
        .map((line, index) => `    ${paint.yellow(`${index === 0 ? 'hint: ' : '      '}${line}`)}`),
    ),
  ];
}
