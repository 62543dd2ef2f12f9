import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { decodeCast } from '../../core/cast/decode.ts';
import type { CastEvent } from '../../core/cast/model.ts';
import { createTerminalText } from '../../core/output/terminal-text.ts';

/** The checkout that this test is of. */
export const checkout = join(import.meta.dirname, '..', '..');
/** The size of all terminals here, in characters. */
export const size = { columns: 120, rows: 30 };

const play = '"$1" runner/main.ts cast "$2" | asciinema play --speed 10000 --idle-time-limit 0.01 -';

/** Reads a cast, of a path or of one in the checkout. */
export function readCast(file: string): { text: string; events: readonly CastEvent[]; output: string } {
  const text = readFileSync(resolve(checkout, file), 'utf8');
  const cast = decodeCast(text);
  assert.ok(cast.kind === 'cast', file);
  return {
    text,
    events: cast.events,
    output: cast.events.map((event) => (event.kind === 'output' ? event.data : '')).join(''),
  };
}

/** What a terminal of the casts' size shows of some output. */
export async function shown(output: string): Promise<readonly string[]> {
  const terminal = createTerminalText(size);
  return [...(await terminal.write(output)), ...(await terminal.end())];
}

/** Runs a shell command on a terminal; what it printed and how it ended. */
export async function onTerminal(
  command: string,
  ...args: readonly string[]
): Promise<{ output: string; code: number }> {
  const terminal = spawn('/bin/sh', ['-c', command, 'sh', ...args], { cwd: checkout, cols: 120, rows: 30 });
  let output = '';
  terminal.onData((data) => {
    output += data;
  });
  const code = await new Promise<number>((done) => terminal.onExit(({ exitCode }) => done(exitCode)));
  return { output, code };
}

/** Checks that Debian's asciinema shows of a cast, by way of `tejun cast`, what the cast's terminal showed. */
export async function playsInAsciinema(file: string): Promise<void> {
  const played = await onTerminal(play, process.execPath, file);
  assert.equal(played.code, 0, played.output);
  assert.deepEqual(await shown(played.output), await shown(readCast(file).output), file);
}
