import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Target } from './target.ts';

// The target as a process of its own: what it takes in memory is the server's alone. Each line of standard input is
// answered by a fresh entry address; it ends with its standard input.
const target = await Target.start({ headMs: Number(process.env.HEAD_MS ?? 10_000), pingMs: 1500 });
writeFileSync(join(target.folder, 'site', 'large.cast'), Buffer.alloc(16 * 1024 * 1024, 'x'));
const tell = (): void =>
  void writeSync(1, `${JSON.stringify({ entry: target.server.newEntry(), faults: target.faults })}\n`);
tell();
process.stdin.on('data', tell).on('end', () => target.close());
