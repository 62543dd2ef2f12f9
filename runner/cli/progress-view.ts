import pc from 'picocolors';
import type { Verdict } from '../../core/run/model.ts';
import { fileOf } from '../../core/runbook/model.ts';
import type { ExecutionListener } from '../executor/executor.ts';
import type { Progress as LabProgress } from '../labs/lab.ts';
import { renderMatrix } from '../reporters/matrix-text.ts';
import { createProgress } from '../reporters/progress.ts';
import type { RunReport } from '../reporters/report.ts';
import { renderSummary } from '../reporters/summary-text.ts';
import type { PlannedRun } from '../runbooks/planned-run.ts';

/** What a person sees of a call: the lab coming up, steps running, the summary. */
export type ProgressView = {
  readonly lab: LabProgress;
  readonly listener: (planned: PlannedRun) => ExecutionListener;
  readonly summary: (runs: readonly RunReport[], verdict: Verdict) => void;
  /** The same runbooks on several labs, side by side. */
  readonly matrix: (runs: readonly RunReport[]) => void;
  readonly close: () => void;
};

/** Shows progress on standard output, or on standard error when the output is taken by a report. */
export function progressView(outputIsTaken: boolean): ProgressView {
  const stream = outputIsTaken ? process.stderr : process.stdout;
  const live = stream.isTTY === true;
  const color = pc.isColorSupported && live;
  const progress = createProgress({ stream, color, live, now: () => performance.now() });
  return {
    lab: (message) => progress.message(message),
    listener: ({ runbook, lab, steps }) => ({
      event: (event) => {
        if (event.kind === 'run-started') progress.runStarted(runbook.title, runbook.id, lab, steps.length);
        else if (event.kind === 'run-resumed')
          progress.runStarted(`${runbook.title}, resumed`, runbook.id, lab, steps.length);
        else if (event.kind === 'step-started')
          progress.stepStarted(event.step, event.host, event.command, event.attempt);
        else if (event.kind === 'step-ended') {
          const step = steps.find(({ id }) => id === event.outcome.step) ?? { file: undefined, line: 1 };
          progress.stepEnded(event.outcome, `${fileOf(runbook, step)}:${step.line}`);
        } else if (event.kind === 'run-ended') progress.runEnded(event.verdict);
      },
      preview: (_step, { diff }) => progress.preview(diff),
    }),
    summary: (runs, verdict) => {
      progress.close();
      for (const line of renderSummary(runs, verdict, { color })) stream.write(`${line}\n`);
    },
    matrix: (runs) => {
      for (const line of renderMatrix(runs, { color })) stream.write(`${line}\n`);
    },
    close: () => progress.close(),
  };
}
