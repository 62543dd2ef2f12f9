import { createSafeOutput } from '../cast/safe-output.ts';
import { createTerminalTokens, type TerminalToken } from '../cast/terminal-tokens.ts';
import { stepTerminal } from '../output/terminal-size.ts';
import { createTerminalText } from '../output/terminal-text.ts';
import type { Piece } from './attempts.ts';
import { type Hiding, type Mark, replaceBetween } from './hide-values.ts';

/** Most of one command's output that a cast shows, in UTF-16 units; more is cut in the middle. */
export const outputLimit = 256 * 1024;

/**
 * A command's output as a recording may show it: only sequences that draw, values hidden even where sequences stand in
 * their middle, cut in the middle when it is long.
 */
export async function showOutput(
  { pieces, leftOut }: { readonly pieces: readonly Piece[]; readonly leftOut: number },
  hiding: Hiding,
): Promise<readonly Piece[]> {
  const shown = cutMiddle(hide(pieces, hiding), leftOut);
  const lines = await rendered(shown);
  if (lines.every((line) => hiding.find(line).length === 0)) return shown;
  // By moving the cursor a program drew what has to be hidden out of parts: a reader gets the lines without it.
  const text = lines.map((line) => `${hiding.text(line)}\r\n`).join('');
  return [{ at: shown.at(-1)?.at ?? 0, text }];
}

/** The lines that a reader would see at the end of such output. */
export async function rendered(pieces: readonly Piece[]): Promise<readonly string[]> {
  const terminal = createTerminalText(stepTerminal);
  const lines: string[] = [];
  for (const { text } of pieces) lines.push(...(await terminal.write(text)));
  lines.push(...(await terminal.end()));
  return lines;
}

function hide(pieces: readonly Piece[], hiding: Hiding): readonly Piece[] {
  const filter = createSafeOutput();
  const tokens = createTerminalTokens();
  const text: string[] = [];
  const marks: Mark<string | { readonly at: number }>[] = [];
  let length = 0;
  const take = (list: readonly TerminalToken[]): void => {
    for (const token of list) {
      if (token.kind === 'text' || token.kind === 'control') {
        text.push(token.text);
        length += token.text.length;
      } else {
        marks.push({ offset: length, mark: token.text });
      }
    }
  };
  for (const { at, text: data } of pieces) {
    marks.push({ offset: length, mark: { at } });
    take(tokens.write(filter.write(data)));
  }
  take(tokens.write(filter.end()));
  take(tokens.end());

  const whole = text.join('');
  const shown: { at: number; parts: string[] }[] = [];
  for (const part of replaceBetween(whole, marks, hiding.find(whole))) {
    if (typeof part === 'string') shown.at(-1)?.parts.push(part);
    else if (typeof part.mark === 'string') shown.at(-1)?.parts.push(part.mark);
    else shown.push({ at: part.mark.at, parts: [] });
  }
  return shown.map(({ at, parts }) => ({ at, text: parts.join('') })).filter((piece) => piece.text !== '');
}

function cutMiddle(pieces: readonly Piece[], leftOut: number): readonly Piece[] {
  const whole = pieces.map(({ text }) => text).join('');
  if (whole.length <= outputLimit) return pieces;
  const head = placeToCut(whole, outputLimit / 2);
  const tail = placeToCut(whole, whole.length - outputLimit / 2);
  const size = ((tail - head + leftOut) / 1e6).toFixed(1);
  const shown: Piece[] = [];
  let offset = 0;
  let told = false;
  for (const { at, text } of pieces) {
    const [from, to] = [offset, offset + text.length];
    offset = to;
    const before = text.slice(0, Math.max(0, head - from));
    const after = text.slice(Math.max(0, Math.min(text.length, tail - from)));
    const notice: string = !told && to > head ? `\x1b[0m\r\n… ${size} MB of output are left out here …\r\n` : '';
    told ||= notice !== '';
    const kept = (from < head ? before : '') + notice + (to > tail ? after : '');
    if (kept !== '') shown.push({ at, text: kept });
  }
  return shown;
}

/** At or a little before `wanted`: behind a line's end, else at least not within a sequence or a character. */
function placeToCut(text: string, wanted: number): number {
  const line = text.lastIndexOf('\n', wanted - 1) + 1;
  if (line > wanted - 4096) return line;
  const sequence = text.lastIndexOf('\x1b', wanted - 1);
  const tokens = createTerminalTokens();
  tokens.write(text.slice(sequence, wanted));
  if (sequence >= 0 && tokens.end().some(({ kind }) => kind === 'broken')) return sequence;
  return /[\ud800-\udbff]/.test(text.charAt(wanted - 1)) ? wanted - 1 : wanted;
}
