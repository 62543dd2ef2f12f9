import { z } from 'zod';

/** A name of a step, a host or a lab. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*$/, 'must be a name of letters, digits, `.`, `_` and `-`');

/** A step's SHA-256. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits');

/** Values by name, every name kept: a record of zod's would leave `__proto__` out. */
export const valuesSchema = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string'),
  'must be texts by name',
);

/** Facts by host. */
export const hostsSchema = z.record(nameSchema, z.record(z.string(), z.string()));

/** Reads JSON of a known form; what is wrong with it otherwise, in words. */
export function readJson<T>(text: string, schema: z.ZodType<T>): { readonly value: T } | { readonly wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { wrong: `it is not JSON (${error instanceof Error ? error.message : error})` };
  }
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return { value: data };
  const [issue] = error.issues;
  const path = issue?.path.join('.');
  return { wrong: path ? `\`${path}\`: ${issue?.message}` : (issue?.message ?? 'it is of an unknown form') };
}
