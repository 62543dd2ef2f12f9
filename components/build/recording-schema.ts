import { z } from 'zod';
import type { Recording } from '../../core/recording/model.ts';

const verdict = z.enum(['passed', 'failed', 'skipped', 'errored', 'timed-out']);
const count = z.int().min(0);
const milliseconds = z.number().min(0);
const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'small letters, digits and dashes');

const end = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exited'), code: z.int() }),
  z.object({ kind: z.literal('shell-exited'), code: z.int().optional() }),
  z.object({ kind: z.literal('timed-out'), afterMs: milliseconds }),
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('waits-for-input'), program: z.string() }),
  z.object({ kind: z.literal('disconnected'), why: z.string() }),
]);

const cell = z.object({ column: z.string(), expected: z.string(), actual: z.string(), same: z.boolean() });
const row = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('matched'), expected: count, text: z.string(), actual: z.string(), line: count }),
  z.object({ kind: z.literal('pending'), expected: count, text: z.string() }),
  z.object({ kind: z.literal('missing'), expected: count, text: z.string() }),
  z.object({ kind: z.literal('unexpected'), actual: z.string(), line: count }),
  z.object({ kind: z.literal('elided'), expected: count.optional(), count, why: z.enum(['ellipsis', 'long']) }),
  z.object({ kind: z.literal('differs'), expected: count, cells: z.array(cell), line: count }),
]);
const diff = z.object({ kind: z.enum(['text', 'table', 'json']), rows: z.array(row), problem: z.string().optional() });

const step = z.object({
  step: name,
  hash: z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits'),
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
});

const schema = z.object({
  version: z.literal(1),
  runbook: z.string(),
  lab: name,
  date: z.iso.datetime(),
  durationMs: milliseconds,
  verdict,
  hosts: z.record(name, z.record(z.string(), z.string())),
  steps: z.array(step),
});

/** Reads the text of a `recording.json`; a recording that is not whole is told apart from none. */
export function parseRecording(json: string): Recording | { readonly wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { wrong: `not JSON: ${(error as Error).message}` };
  }
  const { data, error } = schema.safeParse(value);
  if (!data) {
    const issue = error.issues[0];
    return { wrong: `${issue?.path.join('.') || 'the whole'}: ${issue?.message}` };
  }
  const ids = data.steps.map(({ step: id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return { wrong: `the step ${twice} is in it twice` };
  // Keys that JSON leaves out are undefined in the model.
  return data as Recording;
}
