import { readFileSync } from 'node:fs';
import type { CommandEnd } from '../../core/run/model.ts';
import type { SessionFiles } from './session-files.ts';

/** The end of a command of whose output something is missing. */
export type OutputLost = Extract<CommandEnd, { kind: 'output-lost' }>;

/** How many bytes of a session's output its holder could not write. */
export function bytesLost(files: SessionFiles): number {
  return readLost(files).bytes;
}

/** Says that output of a command was lost, before which `before` bytes had been; undefined when it is whole. */
export function outputLost(files: SessionFiles, before: number): OutputLost | undefined {
  const { bytes, why } = readLost(files);
  if (bytes <= before) return undefined;
  const count = bytes - before === 1 ? '1 byte of it' : `${bytes - before} bytes of it`;
  return {
    kind: 'output-lost',
    why: `${count} could not be written to ${files.spool} (${why}); make room on that file system, then start over`,
  };
}

/** Says that output was lost because somebody has cut the spool. */
export function spoolCut({ spool }: SessionFiles): OutputLost {
  const why = `${spool} became shorter while it was read; let no other program touch it, then start over`;
  return { kind: 'output-lost', why };
}

function readLost(files: SessionFiles): { readonly bytes: number; readonly why: string } {
  try {
    const text = readFileSync(files.lost, 'utf8');
    return { bytes: Number.parseInt(text, 10) || 0, why: text.slice(20).trim() };
  } catch {
    return { bytes: 0, why: '' };
  }
}
