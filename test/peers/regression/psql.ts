import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** What psql printed for a statement, and whether it told of an error. */
export type Printed = { readonly output: string; readonly failed: boolean };

/** Has psql run statements one after the other in one session, each as `-c` would, and returns what it prints for each. */
export function runInPsql(statements: readonly string[], socket: string, file: string): readonly Printed[] {
  const mark = randomUUID();
  const commands = statements.flatMap((text) => ['-c', text, '-c', `\\echo '\\n'${mark} :ERROR`]);
  const output = openSync(file, 'w');
  // Both streams in one file: psql empties its buffer before it writes an error.
  const { error } = spawnSync('psql', ['-X', ...commands], {
    env: {
      PATH: process.env.PATH,
      LANG: 'C',
      PGHOST: socket,
      PGPORT: '5432',
      PGUSER: 'postgres',
      PGDATABASE: 'regression',
      PGAPPNAME: 'tejun',
      PGCLIENTENCODING: 'UTF8',
    },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  if (error) throw error;
  const parts = readFileSync(file, 'utf8').split(new RegExp(`\\n${mark} (\\w+)\\n`));
  return statements.map((_, index) => ({
    output: parts[2 * index] ?? '',
    failed: parts[2 * index + 1] === 'true',
  }));
}
