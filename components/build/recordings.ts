import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import type { Recording } from '../../core/recording/model.ts';
import { parseRecording } from '../../core/recording/parse.ts';
import { recordings as folder } from './book.ts';

/** A recording with the hosts of which there is a cast. */
export type StoredRecording = { readonly recording: Recording; readonly casts: ReadonlySet<string> };

/** The recordings of a runbook, one for each lab, by the lab's name; and those that cannot be read. */
export function recordingsOf(runbook: string): {
  readonly stored: readonly StoredRecording[];
  readonly problems: readonly Problem[];
} {
  const stored: StoredRecording[] = [];
  const problems: Problem[] = [];
  for (const lab of labsOf(runbook)) {
    const file = join(folder, runbook, lab, 'recording.json');
    const read = parseRecording(readFileSync(file, 'utf8'), { file: relative(process.cwd(), file), runbook, lab });
    if (read.kind === 'problem') problems.push(read.problem);
    else stored.push({ recording: read.recording, casts: castsOf(read.recording, join(folder, runbook, lab)) });
  }
  return { stored, problems };
}

function labsOf(runbook: string): readonly string[] {
  const all = join(folder, runbook);
  if (!existsSync(all)) return [];
  return readdirSync(all, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(all, entry.name, 'recording.json')))
    .map((entry) => entry.name)
    .sort();
}

function castsOf({ casts }: Recording, path: string): ReadonlySet<string> {
  return new Set(Object.keys(casts).filter((host) => existsSync(join(path, casts[host] ?? ''))));
}
