import type { CastEvent } from '../cast/model.ts';
import { createTerminalTokens } from '../cast/terminal-tokens.ts';
import type { Piece } from './attempts.ts';

/** An event of a host's cast, and whether a whole line of another program may be put after it. */
export type Shown = { readonly event: CastEvent; readonly open: boolean };

/** A background step's output as lines of text that say whose they are. */
export function backgroundLines(step: string, pieces: readonly Piece[]): readonly Piece[] {
  const tokens = createTerminalTokens();
  const lines: Piece[] = [];
  let line = '';
  const finish = (at: number): void => {
    // Of what was written over and over the last is left, as at a progress bar.
    const seen = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
    lines.push({ at, text: `\x1b[2m${step} │\x1b[0m ${seen}\r\n` });
    line = '';
  };
  for (const { at, text } of pieces) {
    for (const token of tokens.write(text)) {
      if (token.kind === 'text' || token.text === '\t' || token.text === '\r') line += token.text;
      else if (token.text === '\n') finish(at);
    }
  }
  if (line !== '') finish(pieces.at(-1)?.at ?? 0);
  return lines;
}

/** Puts lines between the events where these leave the cursor at a line's beginning; a line may have to wait for that. */
export function mergeLines(shown: readonly Shown[], lines: readonly Piece[]): readonly CastEvent[] {
  const sorted = [...lines].sort((a, b) => a.at - b.at);
  const merged: CastEvent[] = [];
  let open = true;
  let clock = 0;
  const put = (until: number): void => {
    for (let line = sorted[0]; open && line && line.at <= until; line = sorted[0]) {
      sorted.shift();
      clock = Math.max(clock, line.at);
      merged.push({ at: clock, kind: 'output', data: line.text });
    }
  };
  for (const { event, open: afterwards } of shown) {
    put(event.at);
    clock = Math.max(clock, event.at);
    merged.push({ ...event, at: clock });
    open = afterwards;
  }
  open = true;
  put(Number.POSITIVE_INFINITY);
  return merged;
}
