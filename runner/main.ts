import { join } from 'node:path';
import { runProgram } from './cli/program.ts';

if (import.meta.main) {
  process.exitCode = await runProgram(process.argv.slice(2), { root: join(import.meta.dirname, '..') });
}
