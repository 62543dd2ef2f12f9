import { readFileSync } from 'node:fs';
import { decodeCast } from '../../core/cast/decode.ts';
import { encodeCastV2 } from '../../core/cast/encode-v2.ts';
import { exitCode, UsageError } from './exit-code.ts';

/** Prints a cast in asciicast v2, which every `asciinema play` understands; returns the exit code. */
export function cast(file: string): number {
  const read = decodeCast(readCast(file));
  if (read.kind === 'problem') throw new UsageError(`${file}:${read.line}:1: ${read.reason}`);
  process.stdout.write(encodeCastV2(read.header, read.events));
  return exitCode.passed;
}

function readCast(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'no such file' : String(error);
    throw new UsageError(`${file}: ${why}\n    hint: casts are in content/recordings/<runbook>/<lab>/`);
  }
}
