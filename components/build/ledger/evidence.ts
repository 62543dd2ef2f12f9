import type { Evidence, Finding } from '../../../core/finding/model.ts';
import { nearest } from '../../../core/nearest.ts';
import type { Problem } from '../../../core/problem.ts';
import { fileOf, type Step } from '../../../core/runbook/model.ts';
import { pageId, pages, translationOf } from '../book.ts';
import { readPage } from '../page-source.ts';
import { findRecorded, type Recorded } from '../recorded.ts';
import { recordingsOf } from '../recordings.ts';
import { stateOf } from '../state.ts';

/** What the ledger shows of a step on a lab; `date` is the recording's, empty when there is none. */
export type ShownEvidence = Evidence & {
  readonly title: string;
  readonly date: string;
  readonly version: string | undefined;
};

/** What the book's steps and their recordings say of each finding, and steps that name findings which there are not. */
export function gatherEvidence(findings: readonly Finding[]): {
  readonly evidence: ReadonlyMap<string, readonly ShownEvidence[]>;
  readonly problems: readonly Problem[];
} {
  const evidence = new Map<string, ShownEvidence[]>(findings.map(({ id }) => [id, []]));
  const problems: Problem[] = [];
  for (const file of pages()) {
    const id = pageId(file) ?? '';
    if (translationOf(id).original !== id) continue;
    const { runbook } = readPage(file, id);
    const { stored } = recordingsOf(id);
    for (const step of runbook.steps)
      for (const [kind, name] of named(step)) {
        const known = evidence.get(name);
        if (!known) problems.push(unknown(fileOf(runbook, step), step.line, name, findings));
        for (const recorded of findRecorded(step, stored, []))
          known?.push(shown(kind, runbook.id, runbook.title, step, recorded));
      }
  }
  return { evidence, problems };
}

function named({ finding, changed }: Step): readonly [Evidence['kind'], string][] {
  const all: readonly (readonly [Evidence['kind'], string | undefined])[] = [
    ['shows', finding],
    ['changed', changed],
  ];
  return all.flatMap(([kind, names]) =>
    (names ?? '')
      .split(',')
      .filter(Boolean)
      .map((name) => [kind, name] as [Evidence['kind'], string]),
  );
}

function shown(kind: Evidence['kind'], runbook: string, title: string, step: Step, recorded: Recorded): ShownEvidence {
  const { recording } = recorded;
  const host = recorded.kind === 'missing' ? undefined : recorded.step.host;
  const facts = host === undefined ? undefined : recording.hosts[host];
  return {
    kind,
    runbook,
    title,
    step: step.id,
    lab: recording.lab,
    // What a finding is about are the database servers, also where a step asks Pgpool-II.
    system: facts?.servers ?? facts?.os ?? '',
    result: stateOf(recorded),
    date: recording.date,
    version: facts?.pg_version ?? Object.values(recording.hosts).find((all) => all.pg_version)?.pg_version,
  };
}

function unknown(file: string, line: number, name: string, findings: readonly Finding[]): Problem {
  const near = nearest(
    name,
    findings.map(({ id }) => id),
  );
  const hint = near ? `did you mean \`${near}\`? ` : '';
  return {
    file,
    line,
    column: 1,
    what: `there is no finding ${name} in content/findings.yaml`,
    hint: `${hint}findings are listed there`,
  };
}
