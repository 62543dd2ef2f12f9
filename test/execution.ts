import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../core/run/model.ts';
import { emptyRun, type RunState, reduceRun } from '../core/run/state.ts';
import type { Runbook } from '../core/runbook/model.ts';
import { hashOf } from '../core/runbook/step-hash.ts';
import { type Execution, execute } from '../runner/executor/executor.ts';
import { createRedactor } from '../runner/recorder/redactor.ts';
import { RunLog } from '../runner/recorder/run-log.ts';
import { openLocalSession } from '../runner/sessions/open-session.ts';
import type { HostAccess } from '../runner/sessions/session.ts';

/** What a test may want otherwise. */
export type ExecutionSettings = {
  readonly secrets?: readonly string[];
  readonly onEvent?: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
  /** Gives a session of the host `there`, or of its database; undefined: a bash of this machine. */
  readonly openSession?: Execution['openSession'];
  readonly openDatabase?: Execution['openDatabase'];
  /** Where the run log and the sessions lie. */
  readonly below?: string;
  /** What an earlier runner has written down, and where its sessions are. */
  readonly resumed?: { readonly events: readonly RunEvent[]; readonly access: HostAccess };
};

/** Executes a runbook with a run log and a bash of this machine, as `verify` does less the lab. */
export async function executeHere(runbook: Runbook, settings: ExecutionSettings = {}): Promise<RunState> {
  const folder = mkdtempSync(join(settings.below ?? tmpdir(), 'tejun-execution-'));
  const log = new RunLog(join(folder, 'run.jsonl'));
  const began = performance.now();
  const first = {
    kind: 'run-started',
    at: 0,
    version: 1,
    run: 'here',
    runbook: runbook.id,
    file: runbook.file,
    title: runbook.title,
    lab: 'none',
    instance: '',
    date: '',
    facts: {},
    steps: runbook.steps.map((step) => ({ id: step.id, hash: hashOf(step) })),
  } as const;
  log.append(first);
  const access = settings.resumed?.access ?? {
    kind: 'local',
    host: 'here',
    enter: [],
    directory: join(folder, 'sessions'),
    environment: { PATH: '/usr/bin:/bin', HOME: folder, TERM: 'xterm-256color', LANG: 'C.UTF-8', PAGER: 'cat' },
  };
  const execution: Execution = {
    runbook,
    steps: runbook.steps,
    defaultHost: 'here',
    facts: {
      here: { shell: 'bash', os: 'linux' },
      ...(settings.openSession && { there: { shell: 'bash', os: 'linux' } }),
    },
    values: {},
    state: [first, ...(settings.resumed?.events ?? [])].reduce(reduceRun, emptyRun),
    openSession: (host, name) =>
      settings.openSession === undefined || host === 'here'
        ? openLocalSession(access, name)
        : settings.openSession(host, name),
    databases: settings.openDatabase === undefined ? {} : { there: 'postgres' },
    openDatabase: settings.openDatabase ?? (() => Promise.reject(new Error('there is none'))),
    redactor: createRedactor(settings.secrets ?? []),
    record: (event) => log.append(event),
    listener: { event: (event) => settings.onEvent?.(event), preview: () => undefined },
    clock: () => performance.now() - began,
    signal: settings.signal ?? new AbortController().signal,
    confirm: async () => true,
  };
  try {
    return await execute(execution);
  } finally {
    log.close();
    rmSync(folder, { recursive: true });
  }
}
