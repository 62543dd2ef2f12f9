import { join, resolve } from 'node:path';
import { runProgram } from './cli/program.ts';

if (import.meta.main) {
  // A book of one's own: a folder with `content/docs` and `labs`.
  const root = resolve(process.env.TEJUN_ROOT ?? join(import.meta.dirname, '..'));
  process.exitCode = await runProgram(process.argv.slice(2), { root });
}
