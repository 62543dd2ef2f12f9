import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import type { Recording } from '../../core/recording/model.ts';
import { recordings as folder } from './book.ts';
import { parseRecording } from './recording-schema.ts';

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
    const recording = parseRecording(readFileSync(file, 'utf8'));
    const wrong = 'wrong' in recording ? recording.wrong : misplaced(recording, runbook, lab);
    if (wrong !== undefined)
      problems.push({
        file: relative(process.cwd(), file),
        line: 1,
        column: 1,
        what: `this recording cannot be shown: ${wrong}`,
        hint: `record it again with \`tejun record ${runbook}\`, or remove it`,
      });
    else if (!('wrong' in recording)) stored.push({ recording, casts: castsIn(join(folder, runbook, lab)) });
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

function misplaced(recording: Recording, runbook: string, lab: string): string | undefined {
  if (recording.runbook !== runbook) return `it is of ${recording.runbook}`;
  if (recording.lab !== lab) return `it is of the lab ${recording.lab}`;
  return undefined;
}

function castsIn(path: string): ReadonlySet<string> {
  return new Set(
    readdirSync(path)
      .filter((name) => name.endsWith('.cast'))
      .map((name) => name.slice(0, -'.cast'.length)),
  );
}
