import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import type { Recording } from '../../core/recording/model.ts';
import { parseRecording } from '../../core/recording/parse.ts';
import { isVerificationFile, parseVerification, type Verification } from '../../core/recording/verification.ts';
import { recordings as folder } from './book.ts';

/** A recording with the hosts of which there is a cast, and with what else its lab was when the runbook passed. */
export type StoredRecording = {
  readonly recording: Recording;
  readonly casts: ReadonlySet<string>;
  readonly verifications: readonly Verification[];
};

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
    else {
      const also = verificationsOf(runbook, lab);
      problems.push(...also.problems);
      const casts = castsOf(read.recording, join(folder, runbook, lab));
      stored.push({ recording: read.recording, casts, verifications: also.verifications });
    }
  }
  return { stored, problems };
}

/** In the order of their versions. */
function verificationsOf(
  runbook: string,
  lab: string,
): { readonly verifications: readonly Verification[]; readonly problems: readonly Problem[] } {
  const path = join(folder, runbook, lab);
  const read = readdirSync(path)
    .filter(isVerificationFile)
    .sort(new Intl.Collator('en', { numeric: true }).compare)
    .map((name) => {
      const file = join(path, name);
      return parseVerification(readFileSync(file, 'utf8'), {
        file: relative(process.cwd(), file),
        name,
        runbook,
        lab,
      });
    });
  return {
    verifications: read.flatMap((one) => ('verification' in one ? [one.verification] : [])),
    problems: read.flatMap((one) => ('problem' in one ? [one.problem] : [])),
  };
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
