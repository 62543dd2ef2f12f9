import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { CommandEnd } from '../../core/run/model.ts';
import { ActiveCommand } from './active-command.ts';
import { startsJobs } from './job-notices.ts';
import { LostCount } from './lost-output.ts';
import { createMarkSplitter, type Piece } from './marks.ts';
import { readExit, readState, type SessionFiles } from './session-files.ts';
import { StepProgress } from './step-progress.ts';
import { lostBefore, readTyped, typedOf } from './typed-commands.ts';

/** Tells again the output of a command in a session whose shell is gone, and its end; undefined when it is not there. */
export async function replayEnded(
  files: SessionFiles,
  sequence: number,
  onOutput: (text: string) => void | Promise<void>,
): Promise<CommandEnd | undefined> {
  const count = new LostCount(files);
  const lost = count.since(lostBefore(files, sequence));
  count.close();
  const typed = typedOf(files, sequence);
  const places = readTyped(files);
  if (typed === undefined) return lost;
  const command = new ActiveCommand(
    sequence,
    { timeout: 2 ** 31 - 1, signal: new AbortController().signal, onOutput },
    { tick: async () => undefined, expire: () => undefined, finished: () => undefined },
    new StepProgress(sequence, typed.statements, typed.count),
  );
  command.hasJobs = typed.statements.some(startsJobs);
  try {
    let began = false;
    for (const piece of spoolPieces(files)) {
      if (piece.kind === 'bytes') {
        await command.output(piece.bytes);
        continue;
      }
      const own = places.findLast(({ at, look }) => at <= piece.at && look !== 'hidden')?.sequence === sequence;
      if (piece.mark.kind === 'ready' || (piece.mark.kind === 'began' && !own)) continue;
      if (piece.mark.kind === 'began') began = true;
      const { advance, told } = command.mark(piece.mark);
      await told;
      if (advance.kind === 'end') return lost ?? { kind: 'exited', code: advance.code };
    }
    await command.flush();
    if (!began || lost !== undefined) return lost;
  } finally {
    command.finish({ kind: 'stopped' });
  }
  const code = readExit(files);
  if (code !== undefined) return { kind: 'shell-exited', code };
  return { kind: 'disconnected', why: 'the host or its terminal went away while the command ran' };
}

/** The highest command number of a session; 0 for none. */
export function lastSequence(files: SessionFiles): number {
  return Math.max(readState(files)?.forgotten ?? 0, ...readTyped(files).map(({ sequence }) => sequence));
}

/** All that a session's spool has, from its beginning. Bytes are valid until the next piece is asked for. */
export function* spoolPieces(files: SessionFiles): Generator<Piece> {
  const state = readState(files);
  if (state === undefined || !existsSync(files.spool)) return;
  const splitter = createMarkSplitter(state.nonce);
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const fd = openSync(files.spool, 'r');
  try {
    for (;;) {
      const count = readSync(fd, buffer);
      if (count === 0) return;
      yield* splitter.push(buffer.subarray(0, count));
    }
  } finally {
    closeSync(fd);
  }
}
