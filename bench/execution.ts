import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyRun, type RunState, reduceRun } from '../core/run/state.ts';
import { extractRunbook } from '../core/runbook/extract.ts';
import type { Runbook } from '../core/runbook/model.ts';
import { type Execution, execute } from '../runner/executor/executor.ts';
import { hashOf } from '../runner/executor/hash.ts';
import { createRedactor } from '../runner/recorder/redactor.ts';
import { RunLog } from '../runner/recorder/run-log.ts';
import { openLocalSession } from '../runner/sessions/open-session.ts';

/** A page's text as a runbook. */
export function readPage(source: string): Runbook {
  const { runbook, problems } = extractRunbook(source, { file: 'bench.mdx', id: 'bench' });
  if (problems.length > 0) throw new Error(problems.map(({ what }) => what).join('\n'));
  return runbook;
}

/** Executes a runbook with a run log, a redactor and a bash of this machine; as `verify` does, less the lab. */
export async function executeHere(
  runbook: Runbook,
  settings: { readonly secrets?: readonly string[] } = {},
): Promise<RunState> {
  const folder = mkdtempSync(join(tmpdir(), 'tejun-bench-'));
  const log = new RunLog(join(folder, 'run.jsonl'));
  const began = performance.now();
  const first = {
    kind: 'run-started',
    at: 0,
    version: 1,
    run: 'bench',
    runbook: 'bench',
    file: 'bench.mdx',
    title: 'bench',
    lab: 'none',
    instance: '',
    date: '',
    facts: {},
    steps: runbook.steps.map((step) => ({ id: step.id, hash: hashOf(step) })),
  } as const;
  log.append(first);
  const access = {
    host: 'here',
    enter: [],
    directory: join(folder, 'sessions'),
    environment: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: folder,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      PAGER: 'cat',
    },
  };
  const execution: Execution = {
    runbook,
    steps: runbook.steps,
    defaultHost: 'here',
    facts: { here: { shell: 'bash', os: 'linux' } },
    values: {},
    state: reduceRun(emptyRun, first),
    openSession: (_host, name) => openLocalSession(access, name),
    redactor: createRedactor(settings.secrets ?? []),
    record: (event) => log.append(event),
    listener: { event: () => undefined, preview: () => undefined },
    clock: () => performance.now() - began,
    signal: new AbortController().signal,
    confirm: async () => true,
  };
  try {
    return await execute(execution);
  } finally {
    log.close();
    rmSync(folder, { recursive: true });
  }
}
