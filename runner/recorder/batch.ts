import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { readJson, valuesSchema } from '../../core/recording/read-json.ts';
import type { RunEvent } from '../../core/run/model.ts';
import { type RunState, reduceEvents } from '../../core/run/state.ts';
import { DamagedRecord } from './damaged-record.ts';
import { eventsWithoutOutput, runEvents } from './run-log.ts';

const batchSchema = z.object({
  version: z.literal(1),
  /** ISO 8601, UTC. */
  date: z.string(),
  runbooks: z.array(z.object({ id: z.string(), file: z.string(), lab: z.string() })),
  /** `--from` and `--only` as given; such a batch resumes by the same choice. */
  from: z.string().optional(),
  only: z.string().optional(),
  /** `--fact` as given. */
  facts: valuesSchema.optional(),
  /**
   * What its runs are for, if not for themselves alone. `accept`: what it proposed counted as passed, whether it was taken
   * or not, so its runs are evidence of nothing. `matrix`: one column, whose others are in batches of their own.
   */
  purpose: z.enum(['accept', 'matrix']).optional(),
  /** Declared variables that are no secrets. */
  variables: valuesSchema,
});

/** Begins the name of a batch that is being removed. */
export const removedMark = '.removed-';

/** What one call of `verify` set out to do. Lies beside its run logs, so that `--resume` can go on with it. */
export type Batch = z.infer<typeof batchSchema>;

/** The folder of one batch: `batch.json` and a run log for each runbook. */
export class BatchFolder {
  readonly path: string;
  readonly batch: Batch;

  private constructor(path: string, batch: Batch) {
    this.path = path;
    this.batch = batch;
  }

  /** Makes a folder for a new batch below `runs`; `name` sorts by time. */
  static create(runs: string, name: string, batch: Batch): BatchFolder {
    const path = join(runs, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    // Renamed into place, so that a batch is there as a whole or not at all.
    writeFileSync(join(path, 'batch.json.new'), `${JSON.stringify(batch, undefined, 2)}\n`);
    renameSync(join(path, 'batch.json.new'), join(path, 'batch.json'));
    return new BatchFolder(path, batch);
  }

  /** All batches, newest first. Throws at one whose file is damaged: what is older may not be the newest. */
  static *all(runs: string): Generator<BatchFolder> {
    if (!existsSync(runs)) return;
    for (const name of readdirSync(runs).sort().reverse()) {
      if (name.startsWith(removedMark)) continue;
      const file = join(runs, name, 'batch.json');
      if (!existsSync(file)) continue;
      const read = readJson(readFileSync(file, 'utf8'), batchSchema);
      if ('wrong' in read) throw new DamagedRecord(file, 'file of a batch of runs', read.wrong);
      yield new BatchFolder(join(runs, name), read.value);
    }
  }

  /** Sorts by time. */
  get name(): string {
    return basename(this.path);
  }

  /** Path of a runbook's run log. */
  log(runbook: string): string {
    return join(this.path, `${runbook}.jsonl`);
  }

  /** How far a runbook came in this batch; undefined when it was not begun. */
  state(runbook: string): RunState | undefined {
    return this.#fold(runbook, runEvents);
  }

  /** The same without reading the output of its steps. Its time is that of the last other event, so no run goes on from it. */
  outline(runbook: string): RunState | undefined {
    return this.#fold(runbook, eventsWithoutOutput);
  }

  #fold(runbook: string, read: (path: string) => Iterable<RunEvent>): RunState | undefined {
    const path = this.log(runbook);
    if (!existsSync(path)) return undefined;
    const state = reduceEvents(read(path));
    return state.run === '' ? undefined : state;
  }
}

/** The newest state of a runbook on a lab over all batches, whose captured values `--from` takes over. */
export function newestRun(runs: string, runbook: string, lab: string): RunState | undefined {
  for (const folder of BatchFolder.all(runs)) {
    const state = folder.outline(runbook);
    if (state?.lab === lab) return state;
  }
  return undefined;
}

/** The newest states of runbooks on any lab that say how their steps are, for `list`; by the runbooks' ids. */
export function newestJudged(runs: string, runbooks: readonly string[]): ReadonlyMap<string, RunState> {
  const found = new Map<string, RunState>();
  const wanted = new Set(runbooks);
  for (const folder of BatchFolder.all(runs)) {
    if (wanted.size === 0) break;
    if (folder.batch.purpose === 'accept') continue;
    for (const { id } of folder.batch.runbooks) {
      const state = wanted.has(id) ? folder.outline(id) : undefined;
      if (state === undefined) continue;
      found.set(id, state);
      wanted.delete(id);
    }
  }
  return found;
}
