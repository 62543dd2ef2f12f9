import { z } from 'zod';
import type { Problem } from '../problem.ts';
import type { RunState } from '../run/state.ts';
import { hostAsChosen, tellFacts } from '../runbook/facts.ts';
import type { Facts } from '../runbook/model.ts';
import { formatLines } from './format.ts';
import type { Hiding } from './hide-values.ts';
import { misplaced, type RecordingPlace } from './parse.ts';
import { hashSchema, hostsSchema, nameSchema, readJson } from './read-json.ts';

/**
 * That a runbook passed on a lab that was something else than for its recording, as with another version of PostgreSQL.
 * `tejun record --fact …` writes it to `content/recordings/<runbook>/<lab>/verified-<facts>.json`; pages name it beside
 * the recording, whose output they show.
 */
export type Verification = {
  readonly version: 1;
  readonly runbook: string;
  readonly lab: string;
  /** What of the lab was chosen when it came up; another file has another choice. */
  readonly chosen: Facts;
  /** When the run began: ISO 8601, UTC. */
  readonly date: string;
  /** Facts by host, among them `pg_version`, the full one of PostgreSQL. */
  readonly hosts: Readonly<Record<string, Facts>>;
  /** SHA-256 of the steps that passed, by step; another one now means that the step was changed since. */
  readonly passed: Readonly<Record<string, string>>;
  /** SHA-256 of the steps that were not for this lab. */
  readonly elsewhere: Readonly<Record<string, string>>;
};

const hashes = z.record(nameSchema, hashSchema);

const schema = z.strictObject({
  version: z.literal(1),
  runbook: z.string(),
  lab: nameSchema,
  chosen: z.record(z.string(), z.string()),
  date: z.iso.datetime(),
  hosts: hostsSchema,
  passed: hashes,
  elsewhere: hashes,
});

/** Makes a verification of a run that has passed as a whole; `state` of any other is a mistake of the caller. */
export function makeVerification(state: RunState, hiding: Hiding): Verification {
  const { runbook, lab, chosen = {}, date, facts, steps, verdict } = state;
  if (verdict !== 'passed') throw new Error(`the run of ${runbook} on ${lab} did not pass`);
  const hashesOf = (wanted: (step: RunState['steps'][number]) => boolean): Readonly<Record<string, string>> =>
    Object.fromEntries(steps.filter(wanted).map(({ id, hash }) => [id, hash]));
  return {
    version: 1,
    runbook,
    lab,
    chosen,
    date,
    hosts: Object.fromEntries(Object.entries(facts).map(([host, own]) => [host, hiddenIn(own, chosen, hiding)])),
    passed: hashesOf(({ outcome }) => outcome?.verdict === 'passed'),
    elsewhere: hashesOf(({ outcome }) => outcome?.elsewhere === true),
  };
}

/** A host's facts without what must not be seen; what was chosen is no secret, also where a variable has the same value. */
function hiddenIn(facts: Facts, chosen: Facts, hiding: Hiding): Facts {
  const open = Object.entries(facts).filter(([fact, value]) => chosen[fact] === value);
  return { ...hiding.all(facts), ...Object.fromEntries(open) };
}

/** Name of the file of a choice of facts: `verified-pg=18.json`. */
export function verificationFile(chosen: Facts): string {
  return `verified-${encodeURIComponent(tellFacts(chosen)).replaceAll('%3D', '=')}.json`;
}

/** Whether a file name is that of a verification. */
export function isVerificationFile(name: string): boolean {
  return /^verified-.*\.json$/.test(name);
}

/** A verification as the text of its file, with a line for each entry, so that changes are seen. */
export function formatVerification(verification: Verification): string {
  return formatLines(verification, 3);
}

/** Reads a verification's file. */
export function parseVerification(
  text: string,
  place: RecordingPlace & { readonly name: string },
): { readonly verification: Verification } | { readonly problem: Problem } {
  const { file, name, runbook, lab } = place;
  const read = readJson(text, schema);
  const wrong = 'wrong' in read ? read.wrong : (misplaced(read.value, place) ?? contradiction(read.value, name));
  if ('value' in read && wrong === undefined) return { verification: read.value };
  const what = `this verification cannot be used: ${wrong}`;
  const asked = factsIn(name);
  const anew = `make it anew with \`npx tejun record ${runbook} --lab ${lab}${asked.map((fact) => ` --fact ${fact}`).join('')}\`, or `;
  return { problem: { file, line: 1, column: 1, what, hint: `${asked.length > 0 ? anew : ''}remove it` } };
}

/** What a file says of itself that cannot all be true. */
function contradiction(verification: Verification, name: string): string | undefined {
  const { chosen } = verification;
  const told = tellFacts(chosen);
  const meant = verificationFile(chosen);
  if (told === '') return 'nothing was chosen in it, so it is of what the recording beside it is of';
  if (meant !== name) return `it is of ${told} and would be called ${meant}`;
  return hostAsChosen(verification, undefined) === undefined ? `none of its hosts had ${told}` : undefined;
}

/** The facts in a file's name; none if it has another form. */
function factsIn(name: string): readonly string[] {
  const [, text = ''] = /^verified-(.*)\.json$/.exec(name) ?? [];
  try {
    const facts = decodeURIComponent(text).split(' ');
    return facts.every((fact) => /^[a-z]\w*=.+$/.test(fact)) ? facts : [];
  } catch {
    return [];
  }
}
