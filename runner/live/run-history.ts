import { existsSync } from 'node:fs';
import type { RunState } from '../../core/run/state.ts';
import { BatchFolder } from '../recorder/batch.ts';
import { runBeginning } from '../recorder/run-log.ts';

/** One runbook's run on this life of a lab. */
export type PastRun = { readonly folder: BatchFolder; readonly state: RunState };

/** What ran on one life of a lab, found in the run logs. */
export class RunHistory {
  /** Oldest first. */
  readonly #folders = new Map<string, BatchFolder[]>();
  readonly #ran = new Set<string>();

  /** Looks through the batches from the newest back to the first that worked on an earlier life of the lab. */
  constructor(runs: string, lab: string, instance: string) {
    // What `accept` proposed and took for passed says nothing of the page, and what ran before is overtaken by it.
    let overtaken = false;
    try {
      for (const folder of BatchFolder.all(runs)) {
        for (const { id } of folder.batch.runbooks.filter((entry) => entry.lab === lab)) {
          const path = folder.log(id);
          const beginning = existsSync(path) ? runBeginning(path) : undefined;
          if (beginning === undefined) continue;
          if (beginning.instance !== instance) return;
          this.#ran.add(id);
          overtaken ||= folder.batch.purpose === 'accept';
          if (overtaken) continue;
          this.#folders.set(id, [folder, ...(this.#folders.get(id) ?? [])]);
        }
      }
    } catch {
      // What is older than a damaged batch is not shown; the files stay as they are.
    }
  }

  /** Ids of the runbooks that ran. */
  get runbooks(): readonly string[] {
    return [...this.#ran];
  }

  /** A runbook's runs, oldest first. */
  of(runbook: string): readonly PastRun[] {
    return (this.#folders.get(runbook) ?? []).flatMap((folder) => pastRun(folder, runbook) ?? []);
  }

  /** Its newest run. */
  newest(runbook: string): PastRun | undefined {
    const folder = this.#folders.get(runbook)?.at(-1);
    return folder && pastRun(folder, runbook);
  }

  add(runbook: string, folder: BatchFolder): void {
    const known = this.#folders.get(runbook) ?? [];
    if (!known.some(({ path }) => path === folder.path)) this.#folders.set(runbook, [...known, folder]);
  }
}

function pastRun(folder: BatchFolder, runbook: string): PastRun | undefined {
  try {
    const state = folder.outline(runbook);
    return state && { folder, state };
  } catch {
    // A damaged log tells nothing.
    return undefined;
  }
}
