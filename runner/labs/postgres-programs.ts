import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const base = '/usr/lib/postgresql';

/** Directory of a major version of PostgreSQL that Debian's packages installed, of the newest (15 or later) when none is named; undefined without one. */
export function postgresPrograms(wanted?: string): string | undefined {
  if (!existsSync(base)) return undefined;
  const majors = readdirSync(base)
    .map(Number)
    .filter(
      (major) =>
        major >= 15 &&
        (wanted === undefined || wanted === String(major)) &&
        existsSync(join(base, String(major), 'bin', 'initdb')),
    );
  return majors.length === 0 ? undefined : join(base, String(Math.max(...majors)), 'bin');
}
