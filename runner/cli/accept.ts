import { readFileSync } from 'node:fs';
import { type BodyHunk, mergeAccepted } from '../../core/expectation/accept.ts';
import { createMatcher } from '../../core/expectation/matcher.ts';
import { parseExpectation } from '../../core/expectation/parse.ts';
import { formatProblem } from '../../core/problem.ts';
import type { Outcome } from '../../core/run/model.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import type { ExpectFence, Facts, Step } from '../../core/runbook/model.ts';
import { select } from '../../core/runbook/select.ts';
import { ask } from './ask.ts';
import { type BodyEdit, editDocument } from './edit-document.ts';
import { ExecutionError, exitCode, UsageError } from './exit-code.ts';
import { makePlan, type PlannedRun, type PlanOptions } from './plan.ts';
import { progressView } from './progress-view.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';
import { runPlan } from './verify.ts';

/** Options of `accept`. */
export type AcceptOptions = Omit<PlanOptions, 'resume'> & { readonly yes: boolean; readonly keep: boolean };

/** New lines for one expectation, hunk by hunk. */
type Proposal = {
  readonly file: string;
  readonly step: string;
  readonly fence: ExpectFence;
  readonly before: readonly string[];
  readonly hunks: readonly BodyHunk[];
};
