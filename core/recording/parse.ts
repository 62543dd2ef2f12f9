import { z } from 'zod';
import type { Problem } from '../problem.ts';
import { topologySchema } from '../topology/parse.ts';
import type { Recording } from './model.ts';
import { hashSchema, hostsSchema, nameSchema as name, readJson } from './read-json.ts';

const verdict = z.enum(['passed', 'failed', 'skipped', 'errored', 'timed-out']);
const count = z.int().min(0);
const milliseconds = z.number().min(0);

const end = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exited'), code: z.int(), refusedLine: count.optional() }),
  z.strictObject({ kind: z.literal('shell-exited'), code: z.int().optional() }),
  z.strictObject({ kind: z.literal('timed-out'), afterMs: milliseconds }),
  z.strictObject({ kind: z.literal('stopped') }),
  z.strictObject({ kind: z.literal('waits-for-input'), program: z.string() }),
  z.strictObject({ kind: z.literal('output-lost'), why: z.string() }),
  z.strictObject({ kind: z.literal('refused'), why: z.string() }),
  z.strictObject({
    kind: z.literal('disconnected'),
    why: z.string(),
    to: z.literal('database').optional(),
    goOn: z.boolean().optional(),
  }),
]);

const cell = z.strictObject({
  column: z.string(),
  expected: z.string(),
  actual: z.string(),
  same: z.boolean(),
  note: z.string().optional(),
});
const row = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('matched'), expected: count, text: z.string(), actual: z.string(), line: count }),
  z.strictObject({ kind: z.literal('pending'), expected: count, text: z.string() }),
  z.strictObject({ kind: z.literal('missing'), expected: count, text: z.string() }),
  z.strictObject({ kind: z.literal('misplaced'), expected: count, text: z.string(), line: count }),
  z.strictObject({ kind: z.literal('unexpected'), actual: z.string(), line: count, note: z.string().optional() }),
  z.strictObject({
    kind: z.literal('elided'),
    expected: count.optional(),
    count,
    why: z.enum(['ellipsis', 'long']),
    shown: z.array(z.strictObject({ line: count, text: z.string() })).optional(),
  }),
  z.strictObject({ kind: z.literal('differs'), expected: count, cells: z.array(cell), line: count }),
]);
const diff = z.strictObject({
  kind: z.enum(['text', 'table', 'json']),
  rows: z.array(row),
  columns: z.array(z.string()).optional(),
  problem: z.string().optional(),
});

const step = z.strictObject({
  step: name,
  hash: hashSchema,
  at: milliseconds,
  host: name,
  command: z.string(),
  verdict,
  reason: z.string().optional(),
  end: end.optional(),
  diff: diff.optional(),
  output: z.string(),
  outputLines: count,
  durationMs: milliseconds,
  attempts: count,
  hints: z.array(z.string()),
  elsewhere: z.literal(true).optional(),
  topology: topologySchema.optional(),
  topologyProblem: z.string().optional(),
});

// Strict: what this version does not know would be lost without a word, so a newer model needs a newer `version`.
const schema = z.strictObject({
  version: z.literal(1),
  runbook: z.string(),
  lab: name,
  date: z.iso.datetime(),
  durationMs: milliseconds,
  verdict,
  hosts: hostsSchema,
  casts: z.record(name, z.string().regex(/^[A-Za-z0-9][\w.-]*\.cast$/, 'must be the name of a .cast file beside it')),
  steps: z.array(step),
});

/** Where a recording lies, which it has to agree with. */
export type RecordingPlace = { readonly file: string; readonly runbook: string; readonly lab: string };

/** A read recording, or what is wrong with it and how to mend that. */
export type ReadRecording =
  | { readonly kind: 'recording'; readonly recording: Recording }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Reads the text of a `recording.json`. */
export function parseRecording(text: string, place: RecordingPlace): ReadRecording {
  const { file, runbook, lab } = place;
  const read = readText(text);
  const wrong = typeof read === 'string' ? read : misplaced(read, place);
  if (typeof read !== 'string' && wrong === undefined) return { kind: 'recording', recording: read };
  const what = `this recording cannot be used: ${wrong}`;
  const hint = `make it anew with \`npx tejun record ${runbook} --lab ${lab}\`, or remove its folder`;
  return { kind: 'problem', problem: { file, line: 1, column: 1, what, hint } };
}

function readText(text: string): Recording | string {
  const read = readJson(text, schema);
  if ('wrong' in read) return read.wrong;
  const ids = read.value.steps.map((each) => each.step);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return `the step ${twice} is in it twice`;
  // Keys that JSON leaves out are `undefined` in the model.
  return read.value as Recording;
}

/** What a file says that lies elsewhere than what is in it; undefined when it is in its place. */
export function misplaced(
  recording: Pick<Recording, 'runbook' | 'lab'>,
  { runbook, lab }: Pick<RecordingPlace, 'runbook' | 'lab'>,
): string | undefined {
  if (recording.runbook !== runbook) return `it is of the runbook ${recording.runbook}`;
  if (recording.lab !== lab) return `it is of the lab ${recording.lab}`;
  return undefined;
}
