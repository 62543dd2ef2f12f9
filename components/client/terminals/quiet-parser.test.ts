import assert from 'node:assert/strict';
import { test } from 'node:test';
import xterm from '@xterm/headless';
import { keepQuiet } from './quiet-parser.ts';

const queries = {
  'primary attributes': '\x1b[c',
  'primary attributes, 0': '\x1b[0c',
  'secondary attributes': '\x1b[>c',
  status: '\x1b[5n',
  'cursor position': '\x1b[6n',
  'cursor position, private': '\x1b[?6n',
  'ANSI mode': '\x1b[4$p',
  'private mode': '\x1b[?25$p',
  'setting of attributes': '\x1bP$qm\x1b\\',
  'setting of margins': '\x1bP$qr\x1b\\',
};

async function answersTo(output: string, quiet: boolean): Promise<string> {
  const terminal = new xterm.Terminal({ allowProposedApi: true });
  if (quiet) keepQuiet(terminal.parser);
  let answer = '';
  terminal.onData((data) => {
    answer += data;
  });
  await new Promise<void>((done) => terminal.write(output, done));
  terminal.dispose();
  return answer;
}

for (const [what, query] of Object.entries(queries)) {
  test(`output that asks for ${what} gets no answer, which would be typed into the shell`, async () => {
    assert.notEqual(await answersTo(query, false), '', 'a terminal that is not quiet answers');
    assert.equal(await answersTo(query, true), '');
  });
}

test('what draws is still drawn', async () => {
  const terminal = new xterm.Terminal({ allowProposedApi: true });
  keepQuiet(terminal.parser);
  await new Promise<void>((done) => terminal.write('\x1b[?25l\x1b[2;3Hx\x1b[?1049h\x1b[?1049l', done));
  assert.equal(terminal.buffer.active.getLine(1)?.translateToString(true), '  x');
  terminal.dispose();
});
