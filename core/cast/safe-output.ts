import { createTerminalTokens, type TerminalToken } from './terminal-tokens.ts';

/** A filter for one command's terminal output. What it gives depends on the output only, never on how that was cut. */
export type SafeOutput = { write(chunk: string): string; end(): string };

/**
 * Lets through what draws text: characters, colours, cursor movement, erasing, scrolling, the other screen. All else goes,
 * for it tells of the recording machine or acts on the reader's: titles and directories (OSC 0, 1, 2, 7, 9;9, 133, 633,
 * 1337), hyperlinks (OSC 8), clipboard (OSC 52), colours of the terminal, other strings (DCS, APC, PM, SOS), questions to
 * the terminal, its modes, bells. What is unknown goes too. Sequences come out in their 7-bit form.
 */
export function createSafeOutput(): SafeOutput {
  const tokens = createTerminalTokens();
  const drawn = (list: readonly TerminalToken[]): string => list.map(draw).join('');
  return {
    write: (chunk) => drawn(tokens.write(chunk)),
    end: () => drawn(tokens.end()),
  };
}

/** A whole output at once. */
export function safeOutput(text: string): string {
  const filter = createSafeOutput();
  return filter.write(text) + filter.end();
}

function draw(token: TerminalToken): string {
  switch (token.kind) {
    case 'text':
      return token.text;
    case 'control':
      return controls[token.text] ?? '';
    case 'escape':
      return /^(?:[78DEHMc]|[()][0B])$/.test(token.body) ? `\x1b${token.body}` : '';
    case 'csi':
      return isDrawing(token.body) ? `\x1b[${token.body}` : '';
    case 'string':
    case 'broken':
      return '';
  }
}

/** Backspace to carriage return, the two character sets, and the C1 forms of `ESC D`, `E`, `H`, `M`. */
const controls: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'\b\t\n\v\f\r\x0e\x0f'].map((char) => [char, char])),
  ...Object.fromEntries(
    [...'DEHM'].flatMap((final) =>
      [0x40, 0xdc40].map((base) => [String.fromCharCode(final.charCodeAt(0) + base), `\x1b${final}`]),
    ),
  ),
};

const drawing = new RegExp(
  [
    '[0-9;:]*m', // colours
    '[0-9;]*[ABCDEFGHIZ`adefrsu]', // cursor, tabs, scroll region
    '\\??[0-9;]*[JK]', // erase
    '[0-9]*[LMP@XSTbg]', // insert, delete, scroll, repeat, tab stops
    '(?:4|\\?(?:7|25|47|1047|1048|1049))[hl]', // insert mode, wrapping, cursor, the other screen
    '!p', // soft reset
  ].join('|'),
);
const whole = new RegExp(`^(?:${drawing.source})$`);

/** Is it a sequence that only draws? Numbers beyond any screen are refused: some players count them through. */
function isDrawing(body: string): boolean {
  return whole.test(body) && !/\d{5}/.test(body);
}
