import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Lab, Progress } from './lab.ts';

/** How a lab is visited. */
export type Visit = {
  readonly state: string;
  readonly keep: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Hosts that have to be there. */
  readonly needed: ReadonlySet<string>;
  /** Called once the lab is ours, before anything of it changes. */
  readonly onEntered: () => void;
};

/** Brings a lab up for `work` and leaves it as it was found: what was down before is down again, unless `keep`. */
export async function visitLab<T>(lab: Lab, visit: Visit, work: () => Promise<T>): Promise<T> {
  const release = await lab.lock();
  try {
    visit.onEntered();
    const foundUp = lab.instance() !== undefined || (await lab.status()).some(({ state }) => state !== 'down');
    // A note that is still there is a killed visitor's: it had found the lab down, so nobody else wants it up.
    if (!foundUp) noteVisit(visit.state, lab.name);
    try {
      await lab.up(visit.progress, visit.signal, visit.needed);
      return await work();
    } finally {
      if (isVisitors(visit.state, lab.name) && !visit.keep) await lab.down(visit.progress);
      adoptLab(visit.state, lab.name);
    }
  } finally {
    release();
  }
}

/** Notes that a visitor brings the lab up, who takes it down again: itself or, if it is killed, the next one. */
export function noteVisit(state: string, lab: string): void {
  const note = visitNote(state, lab);
  mkdirSync(dirname(note), { recursive: true });
  writeFileSync(note, '');
}

/** Whether the lab is up only because a visitor brought it up. */
export function isVisitors(state: string, lab: string): boolean {
  return existsSync(visitNote(state, lab));
}

/** Says that somebody wants the lab up, whoever brought it up. */
export function adoptLab(state: string, lab: string): void {
  rmSync(visitNote(state, lab), { force: true });
}

function visitNote(state: string, lab: string): string {
  return join(state, 'visits', lab);
}
