import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readlineOff, readlineOn } from './bash-integration.ts';
import { createMarkSplitter } from './marks.ts';
import { ShownText } from './shown-text.ts';

const nonce = '#0123456789abcdef';
const prompt = `\x1b]133;A;n=${nonce}\x07$ \x1b]133;B;n=${nonce};f=;p=\x07`;
const typedLine = " \\builtin eval $'echo one'";

/** What is shown of a terminal that drew its first prompt, and then `after`, when `echo one` was typed. */
function shown(after: string): string {
  const told: string[] = [];
  const listener = {
    output: (output: string) => void told.push(output),
    began: () => void told.push('‹'),
    ended: () => void told.push('›'),
    gone: () => assert.fail('not gone'),
  };
  const before = `${readlineOn}${prompt}`;
  const command = { sequence: 1, index: 0, at: before.length, command: 'echo one' };
  const text = new ShownText(listener, [command], { nonce });
  for (const piece of createMarkSplitter(nonce).push(Buffer.from(before + after))) void text.take(piece);
  return told.join('');
}

const began = `\x1b]133;C;n=${nonce}\x07`;
const ended = `\x1b]133;X;n=${nonce};s=200000\x07`;
const expected = `${readlineOn}$ echo one\r\n${readlineOff}‹one\r\n›${readlineOn}$ `;
const rest = `${began}one\r\n${ended}${readlineOn}${prompt}`;

it('shows a command in place of its echo', () => {
  assert.equal(shown(`${typedLine}\r\n${readlineOff}${rest}`), expected);
});

it('hides the echo too when the line is drawn anew for a new size, before and after readline ended it', () => {
  const anew = `\r\x1b[K${prompt}${typedLine}`;
  assert.equal(shown(`${typedLine}${anew}\r\n${readlineOff}${rest}`), expected);
  // Seen once in several thousand commands: SIGWINCH between the line's end and the end of readline's signals.
  assert.equal(shown(`${typedLine}\r\n${readlineOff}${anew}${rest}`), expected);
});

it('shows the next prompt when the line was thrown away', () => {
  const next = `${readlineOn}$ echo one\r\n${readlineOff}${readlineOn}$ `;
  assert.equal(shown(`${typedLine}^C\r\n${readlineOff}${readlineOn}${prompt}`), next);
});
