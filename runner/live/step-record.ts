import type { Diff } from '../../core/expectation/model.ts';
import type { StepView } from '../../core/protocol/server-message.ts';
import type { Outcome } from '../../core/run/model.ts';
import { abbreviated } from '../../core/runbook/step-hash.ts';

/** Where a step's command ran: session, its number there, and when, in milliseconds of the clock. */
export type StepTrace = { readonly session: string; readonly sequence: number; readonly since: number };

/** The newest that is known of a step on one life of a lab. */
export type StepRecord = {
  readonly step: string;
  readonly hash: string;
  readonly status: StepView['status'];
  readonly host: string;
  readonly command: string | undefined;
  readonly attempt: number;
  /** While it runs: when it began, in milliseconds since this program did. */
  readonly began: number | undefined;
  readonly elapsedMs: number;
  readonly diff: Diff | undefined;
  readonly output: string;
  readonly outcome: Outcome | undefined;
  readonly trace: StepTrace | undefined;
};

/** A step of which nothing is known. */
export function idleRecord(step: string, hash: string, host: string): StepRecord {
  return {
    step,
    hash,
    status: 'idle',
    host,
    command: undefined,
    attempt: 0,
    began: undefined,
    elapsedMs: 0,
    diff: undefined,
    output: '',
    outcome: undefined,
    trace: undefined,
  };
}

/** The record as a page gets it. */
export function stepView({ began, trace, ...record }: StepRecord, place: StepView['place']): StepView {
  const elapsedMs = began === undefined ? record.elapsedMs : performance.now() - began;
  return { ...record, hash: abbreviated(record.hash), elapsedMs: Math.max(0, Math.round(elapsedMs)), place };
}
