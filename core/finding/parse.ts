import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Problem } from '../problem.ts';
import { readSourceText } from '../source-text.ts';
import type { Finding } from './model.ts';

const localised = z.strictObject({ en: z.string().min(1), ja: z.string().min(1) });
const schema = z.record(
  z.string().regex(/^F\d+$/, 'a finding is named F and a number'),
  z.strictObject({
    section: z.coerce.string().regex(/^\d+(\.\d+)*$/, 'a section is written like "4.3.1"'),
    claim: localised,
    needs: z.array(z.enum(['linux', 'windows'], { error: 'a system is linux or windows' })).default([]),
    unchecked: localised.optional(),
  }),
);

/** Reads `findings.yaml`: its findings in the file's order, or all that is wrong with it. */
export function parseFindings(
  bytes: string | Uint8Array,
  file: string,
): { readonly findings: readonly Finding[]; readonly problems: readonly Problem[] } {
  const read = readSourceText(bytes, file);
  if (read.kind === 'no-text') return { findings: [], problems: [read.problem] };
  const { text: source } = read;
  const document = parseDocument(source);
  const problemAt = (offset: number, what: string): Problem => {
    const before = source.slice(0, offset).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    return { file, line: before.length, column, what, hint: 'see the other findings of the file' };
  };
  const broken = document.errors.map(({ pos, message }) => problemAt(pos[0], message.split('\n')[0] ?? message));
  if (broken.length > 0) return { findings: [], problems: broken };
  const checked = schema.safeParse(document.toJS());
  if (checked.success)
    return {
      findings: Object.entries(checked.data).map(([id, { unchecked, ...rest }]) => ({ id, ...rest, unchecked })),
      problems: [],
    };
  const problems = checked.error.issues.map(({ path, message }) => {
    const node = document.getIn(path.slice(0, -1), true) ?? document.contents;
    const range = (node as { range?: readonly number[] } | null)?.range;
    return problemAt(range?.[0] ?? 0, `\`${path.join('.')}\`: ${message}`);
  });
  return { findings: [], problems };
}
