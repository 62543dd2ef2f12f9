import { randomUUID } from 'node:crypto';
import { valueNamed } from '../../core/by-name.ts';
import type { Outcome } from '../../core/run/model.ts';
import { emptyRun, type RunState, reduceRun } from '../../core/run/state.ts';
import { whyElsewhere } from '../../core/runbook/elsewhere.ts';
import { type Facts, fileOf, type Step } from '../../core/runbook/model.ts';
import { select } from '../../core/runbook/select.ts';
import { isInSql } from '../../core/runbook/sql-step.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import { type ExecutionListener, execute } from '../executor/executor.ts';
import { noDatabase, type PreparedStep } from '../executor/prepare.ts';
import type { Lab } from '../labs/lab.ts';
import { createRedactor } from '../recorder/redactor.ts';
import { RunLog } from '../recorder/run-log.ts';
import { openSession } from '../sessions/open.ts';
import type { Session } from '../sessions/session.ts';
import { databaseHosts, observe } from '../topology/observe.ts';
import { ExecutionError, UsageError } from './errors.ts';
import { databasesOf, openLabDatabase } from './open-lab-database.ts';
import { hostOf, type PlannedRun } from './planned-run.ts';
import { givenVariables, secretValues } from './values.ts';

/** What a run needs besides its plan. */
export type RunSetting = {
  readonly lab: Lab;
  readonly facts: Readonly<Record<string, Facts>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly logPath: string;
  readonly listener: ExecutionListener;
  readonly signal: AbortSignal;
  /** Told what cannot be done on a host, and what follows from it. */
  readonly notice?: (text: string) => void;
  readonly confirm: (step: Step, host: string, command: string) => Promise<boolean | string>;
  /** Gives a host's session; undefined: each run opens and closes its own. */
  readonly openSession?: (host: string, name: string) => Promise<Session>;
  /** The same for a database of a host. */
  readonly openDatabase?: (host: string, database: string) => Promise<Session>;
  readonly onMismatch?: (prepared: PreparedStep, outcome: Outcome) => Outcome;
};

/** Runs one runbook as planned and returns how far it came. */
export async function runRunbook(planned: PlannedRun, setting: RunSetting): Promise<RunState> {
  const { runbook, steps } = planned;
  const { lab, facts, variables, listener } = setting;
  refuseUndecided(planned, lab, facts);
  const redactor = createRedactor(secretValues(runbook, variables));
  const instance = lab.instance() ?? '';
  const chosen = lab.chosen();
  const resumed = planned.start === 'resume' ? planned.earlier : undefined;
  if (resumed && resumed.instance !== instance) {
    throw new ExecutionError(
      `${runbook.id}: the lab ${lab.name} was reset or restarted since the run was killed, so what its steps did is gone\n    hint: start over without --resume`,
    );
  }
  // Values from another life of the lab would be true of something that is gone.
  const takenOver = planned.start === 'as-is' && planned.earlier?.instance === instance ? planned.earlier.captures : {};
  const log = new RunLog(setting.logPath);
  const started = process.hrtime.bigint();
  const offset = resumed?.at ?? 0;
  const clock = (): number => offset + Math.round(Number(process.hrtime.bigint() - started) / 1e3) / 1e3;
  const date = new Date().toISOString();
  const given = givenVariables(runbook, variables);
  const first = resumed
    ? ({ kind: 'run-resumed', at: clock(), date, variables: given } as const)
    : ({
        kind: 'run-started',
        at: 0,
        version: 1,
        run: randomUUID(),
        runbook: runbook.id,
        file: runbook.file,
        title: runbook.title,
        lab: lab.name,
        instance,
        date,
        facts,
        ...(Object.keys(chosen).length > 0 && { chosen }),
        steps: runbook.steps.map((step) => ({ id: step.id, hash: hashOf(step) })),
        captures: takenOver,
        variables: given,
      } as const);
  const noticed = new Set<string>();
  const onNotice = (text: string): void => {
    if (!noticed.has(text)) setting.notice?.(text);
    noticed.add(text);
  };
  const options = { signal: setting.signal, onNotice };
  try {
    log.append(first);
    listener.event(first);
    return await execute({
      runbook,
      steps,
      facts,
      redactor,
      listener,
      clock,
      defaultHost: runbook.host ?? lab.hosts[0] ?? '',
      values: variables,
      state: reduceRun(resumed ?? emptyRun, first),
      openSession: setting.openSession ?? ((host, name) => openSession(lab.access(host), name, options)),
      databases: databasesOf(planned, lab),
      openDatabase:
        setting.openDatabase ?? ((host, database) => openLabDatabase(lab, host, { database, signal: setting.signal })),
      record: (event) => log.append(event),
      signal: setting.signal,
      confirm: setting.confirm,
      ...(databaseHosts(lab).length > 0 && { observe: (signal) => observe(lab, signal) }),
      ...(setting.onMismatch && { onMismatch: setting.onMismatch }),
    });
  } finally {
    log.close();
  }
}

/** Every step must have exactly one command and at most one expectation for these hosts, before the first one runs. */
export function refuseUndecided(
  { runbook, steps }: PlannedRun,
  lab: Lab,
  facts: Readonly<Record<string, Facts>>,
): void {
  const problems = steps.flatMap((step) => {
    const host = hostOf(step, runbook, lab);
    const known = valueNamed(facts, host);
    if (!known)
      return [`${fileOf(runbook, step)}:${step.line}:1: step ${step.id}: nothing is known of the host ${host}`];
    if (whyElsewhere(step, known) !== undefined) return [];
    if (isInSql(step) && lab.databaseKind(host) === undefined)
      return [
        `${fileOf(runbook, step)}:${step.line}:1: step ${step.id}: ${noDatabase(host)}\n    hint: give the host a \`database\` in labs/${lab.name}/lab.yaml, or run the SQL through psql`,
      ];
    const selected = select(step, known);
    return selected.kind === 'problem' ? [`${fileOf(runbook, step)}:${step.line}:1: ${selected.reason}`] : [];
  });
  if (problems.length > 0) throw new UsageError(`${problems.join('\n')}\nnothing was run`);
}
