import type { Problem } from '../problem.ts';
import type { Part } from './model.ts';
import type { Place } from './parts.ts';

/** Columns that say which server takes writes and which is alive: whoever reads them wrongly loses data. */
export function isCritical(column: string): boolean {
  return critical.has(column.trim().toLowerCase());
}

/** Refuses placeholders that would let any role or state pass. Only a pattern that is nothing but the names of values is allowed. */
export function checkCritical(column: string, parts: readonly Part[], place: Place, problems: Problem[]): void {
  if (!isCritical(column)) return;
  const loose = parts.find((part) => {
    if (part.kind === 'literal' || part.kind === 'use') return false;
    return part.kind !== 'pattern' || !/^\(?[\w-]+(\|[\w-]+)*\)?$/.test(part.source);
  });
  if (loose === undefined) return;
  problems.push({
    ...place,
    what: `a placeholder in the column \`${column}\` would let any state pass`,
    hint: 'write the value, or name the values that are right, as in `{{/up|waiting/}}`',
  });
}

const critical = new Set(
  'role status pg_role pg_status replication_state state sync_state pg_is_in_recovery in_recovery standby'.split(' '),
);
