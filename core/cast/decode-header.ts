import { z } from 'zod';
import type { CastHeader } from './model.ts';

// Attributes that are not named here are ignored, as the format demands.
const schema = z.object({
  version: z.literal(3, 'only version 3 of the format can be read'),
  term: z.object({ cols: z.int().positive(), rows: z.int().positive(), type: z.string().optional() }),
  timestamp: z.int().optional(),
  idle_time_limit: z.number().optional(),
  command: z.string().optional(),
  title: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  tags: z.array(z.string()).optional(),
});

/** Reads the first line of a `.cast` file. */
export function decodeHeader(
  line: string,
): { readonly kind: 'header'; readonly header: CastHeader } | { readonly kind: 'problem'; readonly reason: string } {
  const value = parseJson(line.replace(/^\uFEFF/, ''));
  if (value === undefined)
    return { kind: 'problem', reason: 'an asciicast v3 file begins with its header, a JSON object' };
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.length ? `\`${issue.path.join('.')}\`: ` : '';
    return { kind: 'problem', reason: `not the header of an asciicast v3 file: ${place}${issue?.message}` };
  }
  const { term, timestamp, idle_time_limit, command, title, env, tags } = parsed.data;
  const header: CastHeader = {
    columns: term.cols,
    rows: term.rows,
    ...(term.type !== undefined && { terminal: term.type }),
    ...(timestamp !== undefined && { timestamp }),
    ...(idle_time_limit !== undefined && { idleTimeLimit: idle_time_limit }),
    ...(command !== undefined && { command }),
    ...(title !== undefined && { title }),
    ...(env !== undefined && { environment: env }),
    ...(tags !== undefined && { tags }),
  };
  return { kind: 'header', header };
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
