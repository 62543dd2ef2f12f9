import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { CommandEnd } from '../../core/run/model.ts';
import { LostCount } from './lost-output.ts';
import { createMarkSplitter, type Piece } from './marks.ts';
import { readExit, readState, type SessionFiles } from './session-files.ts';
import { createSurrogateDecoder } from './surrogate-text.ts';
import { lostBefore } from './typed-commands.ts';

/** Tells again the output of a command in a session whose shell is gone, and its end; undefined when it is not there. */
export async function replayEnded(
  files: SessionFiles,
  sequence: number,
  onOutput: (text: string) => void | Promise<void>,
): Promise<CommandEnd | undefined> {
  const decoder = createSurrogateDecoder();
  const count = new LostCount(files);
  const lost = count.since(lostBefore(files, sequence));
  count.close();
  let began = false;
  for (const piece of spoolPieces(files)) {
    if (piece.kind === 'bytes') {
      if (began) await onOutput(decoder.write(piece.bytes));
    } else if (piece.mark.kind === 'began') {
      began = piece.mark.sequence === sequence;
    } else if (began && piece.mark.kind === 'ended' && piece.mark.sequence === sequence) {
      await onOutput(decoder.end());
      return lost ?? { kind: 'exited', code: piece.mark.code };
    }
  }
  if (!began) return lost;
  if (lost !== undefined) return lost;
  const code = readExit(files);
  if (code !== undefined) return { kind: 'shell-exited', code };
  return { kind: 'disconnected', why: 'the host or its terminal went away while the command ran' };
}

/** The highest command number that a session has begun; 0 for none. */
export function lastSequence(files: SessionFiles): number {
  let last = readState(files)?.forgotten ?? 0;
  for (const piece of spoolPieces(files)) {
    if (piece.kind === 'mark' && piece.mark.kind === 'began') last = Math.max(last, piece.mark.sequence);
  }
  return last;
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
