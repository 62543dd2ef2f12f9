/** Where a command works: found once by the program, handed to every command. */
export type Surroundings = {
  /** The book's folder, mostly this repository: `content/`, `labs/` and `.tejun/` lie in it. */
  readonly root: string;
  /** `.tejun`: labs, runs, everything that is no source. */
  readonly state: string;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
};

/** Folder of the batches of runs. */
export function runsFolder({ state }: Surroundings): string {
  return `${state}/runs`;
}
