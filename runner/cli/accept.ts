import { readFileSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { applyHunks, type Hunk, mergeAccepted } from '../../core/expectation/accept.ts';
import { bindExpectation } from '../../core/expectation/bind.ts';
import { createMatcher } from '../../core/expectation/matcher.ts';
import { parseExpectation } from '../../core/expectation/parse.ts';
import type { Outcome } from '../../core/run/model.ts';
import { type ExpectFence, fileOf, type Runbook } from '../../core/runbook/model.ts';
import type { PreparedStep } from '../executor/prepare.ts';
import { createRedactor } from '../recorder/redactor.ts';
import type { PlannedRun } from '../runbooks/planned-run.ts';
import { secretValues } from '../runbooks/values.ts';
import { ask } from './ask.ts';
import { colors } from './colors.ts';
import { type BodyEdit, bodyOf, editDocument, refuseReadOnly } from './edit-document.ts';
import { ExecutionError, exitCode, exitCodeOf, UsageError } from './exit-code.ts';
import { makePlan, type PlanOptions } from './plan.ts';
import { progressView } from './progress-view.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';
import { overall, runPlan } from './verify.ts';

/** Options of `accept`. */
export type AcceptOptions = Omit<PlanOptions, 'resume' | 'purpose'> & { readonly yes: boolean; readonly keep: boolean };

/** New lines for one expectation, hunk by hunk. */
type Proposal = {
  readonly file: string;
  readonly step: string;
  readonly fence: ExpectFence;
  readonly body: readonly string[];
  readonly hunks: readonly Hunk[];
};

/** Runs runbooks, and writes what came differently into their pages; returns the exit code. */
export async function accept(
  names: readonly string[],
  options: AcceptOptions,
  surroundings: Surroundings,
): Promise<number> {
  if (!options.yes && !process.stdin.isTTY) {
    throw new UsageError(
      'accept asks for each hunk, and there is no terminal to ask on\n    hint: --yes takes all of them',
    );
  }
  const plan = makePlan(
    surroundings.root,
    runsFolder(surroundings),
    names,
    { ...options, resume: false, purpose: 'accept' },
    new Date(),
  );
  const files = new Set(plan.runs.flatMap(({ runbook }) => filesOf(runbook)));
  for (const file of files) refuseReadOnly(file);
  const sources = new Map([...files].map((file) => [file, readFileSync(file, 'utf8')]));
  const proposals: Proposal[] = [];
  const view = progressView(true);
  const onMismatch = (planned: PlannedRun, prepared: PreparedStep, outcome: Outcome): Outcome => {
    const file = realFile(prepared.fence ? fileOf(planned.runbook, prepared.fence.body) : planned.runbook.file);
    const source = sources.get(file) ?? '';
    const secrets = secretValues(planned.runbook, prepared.values);
    const proposed = propose(file, source, prepared, outcome, secrets);
    if (typeof proposed === 'string') return { ...outcome, reason: `${outcome.reason}; ${proposed}` };
    proposals.push(proposed.proposal);
    // The run goes on as the page will be, so that later steps have what this one captures.
    return { ...outcome, verdict: 'passed', reason: undefined, captures: proposed.captures, hints: [] };
  };
  const states = await runPlan(plan, { keep: options.keep, yes: false, view, onMismatch }, surroundings);
  if (surroundings.signal.aborted) throw new ExecutionError('stopped; no page was changed');
  const { edits, refused } = await review(proposals, options.yes, surroundings.signal);
  for (const [file, list] of edits) {
    if (readFileSync(file, 'utf8') !== sources.get(file)) {
      throw new ExecutionError(
        `${file} was edited while its steps ran; it was left as it is\n    hint: run accept again`,
      );
    }
    editDocument(file, list);
    console.log(`${file}: ${list.length === 1 ? '1 expectation' : `${list.length} expectations`} written`);
  }
  if (proposals.length === 0) console.log('nothing to accept: all output is as expected, or could not be judged');
  const verdict = overall(plan, states);
  // The run went on as if all hunks were taken; with one refused the page still says something else than came.
  return verdict === 'passed' && refused ? exitCode.failed : exitCodeOf(verdict);
}

/** The page, and the documents that it shows, as far as expectations stand in them. */
function filesOf(runbook: Runbook): readonly string[] {
  const bodies = runbook.steps.flatMap(({ expectations }) => expectations.map(({ value }) => value.body));
  return [runbook.file, ...bodies.map((body) => fileOf(runbook, body))].map(realFile);
}

/** The file that is written: a page may be a symbolic link to another. */
function realFile(file: string): string {
  return relative(process.cwd(), realpathSync(file));
}

function propose(
  file: string,
  source: string,
  { step, fence, values }: PreparedStep,
  outcome: Outcome,
  secrets: readonly string[],
): { proposal: Proposal; captures: Readonly<Record<string, string>> } | string {
  if (!fence || !outcome.diff) return 'there is no expectation that could be changed';
  const { end } = outcome;
  if (end?.kind !== 'exited' || (step.exit.kind === 'codes' && !step.exit.codes.includes(end.code)))
    return 'only output of a step that ended as it should can be accepted';
  const output = outcome.output === '' ? [] : outcome.output.split('\n');
  if (output.length !== outcome.outputLines) return 'the output is too long to be taken into a page';
  const body = bodyOf(file, source, fence.body);
  const merged = mergeAccepted({ expectation: fence.expectation, body, output, values });
  if ('problem' in merged) return merged.problem;
  const proposed = merged.hunks.flatMap((hunk) => hunk.after).join('\n');
  if (createRedactor(secrets).text(proposed) !== proposed)
    return 'the output has a secret in it, which no page may show; write {{name}} of the variable in its place by hand';
  const expectation = parseExpectation(applyHunks(body, merged.hunks).join('\n'), {
    form: fence.expectation.kind,
    order: fence.expectation.kind === 'text' ? 'exact' : fence.expectation.order,
    file,
    firstLine: fence.body.line,
  });
  if ('problems' in expectation) return 'the output cannot be written as an expectation';
  const bound = bindExpectation(expectation.expectation, values);
  if ('unresolved' in bound) return 'the expectation uses values that are not known';
  const matcher = createMatcher(bound.expectation);
  matcher.push(output);
  const { passed, captures } = matcher.end();
  if (!passed) return 'the output cannot be written as an expectation';
  return { proposal: { file, step: step.id, fence, body, hunks: merged.hunks }, captures };
}

async function review(
  proposals: readonly Proposal[],
  yes: boolean,
  signal: AbortSignal,
): Promise<{ edits: Map<string, BodyEdit[]>; refused: boolean }> {
  const edits = new Map<string, BodyEdit[]>();
  const proposed = new Map<string, string>();
  let all = yes;
  let refused = false;
  for (const { file, step, fence, body, hunks } of proposals) {
    // Two pages may show one document.
    const place = `${file}:${fence.body.line}`;
    const lines = applyHunks(body, hunks).join('\n');
    const before = proposed.get(place);
    proposed.set(place, before ?? lines);
    if (before === lines) continue;
    if (before !== undefined) {
      console.log(
        `\n${place}  ${step}\nanother page shows this step too, and its output was another there; it is written as it came there\n    hint: write placeholders for what differs`,
      );
      refused = true;
      continue;
    }
    const taken: Hunk[] = [];
    for (const hunk of hunks) {
      console.log(`\n${file}:${fence.body.line + hunk.from}  ${step}`);
      for (const line of hunk.before) console.log(colors.red(`- ${line}`));
      for (const line of hunk.after) console.log(colors.green(`+ ${line}`));
      const answer = all
        ? 'y'
        : await ask(
            'take this hunk? y yes, n no, a all from here, q quit and change nothing',
            ['y', 'n', 'a', 'q'],
            signal,
          );
      if (answer === 'q') return { edits: new Map(), refused: true };
      if (answer === 'a') all = true;
      if (answer === 'n') refused = true;
      else taken.push(hunk);
    }
    if (taken.length === 0) continue;
    const list = edits.get(file) ?? [];
    edits.set(file, [...list, { body: fence.body, lines: applyHunks(body, taken) }]);
  }
  return { edits, refused };
}
