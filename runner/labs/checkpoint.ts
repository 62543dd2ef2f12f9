import { join } from 'node:path';
import type { LabFile } from './lab-schema.ts';

/** One script that runs on some hosts at once. */
export type Phase = {
  /** Path of the script on this machine. */
  readonly script: string;
  readonly hosts: readonly string[];
};

/** A named state of a lab's hosts, and the way to it. */
export type Checkpoint = {
  readonly name: string;
  /** Where `prepare` goes on from; undefined: from empty hosts. */
  readonly from: Checkpoint | undefined;
  readonly prepare: readonly Phase[];
  readonly start: readonly Phase[];
};

/** What a lab without checkpoints has. */
export const emptyHosts: Checkpoint = { name: 'empty', from: undefined, prepare: [], start: [] };

/** The checkpoints that a lab file declares, whose scripts lie in `folder`. */
export function checkpointsOf(file: LabFile, folder: string): readonly Checkpoint[] {
  type Declared = LabFile['checkpoints'][string];
  const phases = (declared: Declared['start']): readonly Phase[] =>
    declared.map(({ run, on }) => ({ script: join(folder, run), hosts: on ?? Object.keys(file.hosts) }));
  const build = (name: string, { from, prepare, start }: Declared): Checkpoint => {
    const before = from === undefined ? undefined : file.checkpoints[from];
    return {
      name,
      from: from === undefined || before === undefined ? undefined : build(from, before),
      prepare: phases(prepare),
      start: phases(start),
    };
  };
  return Object.entries(file.checkpoints).map(([name, declared]) => build(name, declared));
}

/** Do the start scripts of a checkpoint run on the host? */
export function startsOn(checkpoint: Checkpoint | undefined, host: string): boolean {
  return checkpoint?.start.some(({ hosts }) => hosts.includes(host)) ?? false;
}
