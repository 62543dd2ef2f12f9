import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const base = '/usr/lib/postgresql';

/** Directory of the newest PostgreSQL (15 or later) that Debian's packages installed; undefined without one. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(base)) return undefined;
  const majors = readdirSync(base)
    .map(Number)
    .filter((major) => major >= 15 && existsSync(join(base, String(major), 'bin', 'initdb')));
  return majors.length === 0 ? undefined : join(base, String(Math.max(...majors)), 'bin');
}
