import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { hintsForEnd, judge } from './judge.ts';
import type { CommandEnd } from './model.ts';

const exit = { kind: 'codes', codes: [0] } as const;
const plain = { exit, judgement: undefined, garbage: undefined };

suite('a command that ended', () => {
  const lost: CommandEnd = { kind: 'output-lost', why: '5 bytes of it could not be written' };
  test('with output that was lost is an error', () => {
    const judged = judge({ ...plain, end: lost });
    assert.deepEqual(judged, { verdict: 'errored', reason: 'output was lost: 5 bytes of it could not be written' });
  });
});

suite('a shell that ended', () => {
  const hint = (
    code: number | undefined,
    text: string,
    language: 'sh' | 'bash' | 'bat' | 'powershell' = 'sh',
  ): string => hintsForEnd({ kind: 'shell-exited', code }, { language, text }).join('|');
  const only = "the page's steps share one shell: in parentheses, as `( exit";

  for (const [text, code] of [
    ['exit 3', 3],
    ['check || exit 3', 3],
    ['logout', 0],
    ['exec ./server', 0],
    ['. ./library.sh', 1],
    ['exit 200', 200],
    ['exit 137', 137],
  ] as const)
    test(`by \`${text}\` is told how not to`, () => {
      const expected = code === 0 ? '' : `, and \`exit=${code}\` on the step expects its code`;
      assert.equal(hint(code, text), `${only} ${code} )\`, \`exit\` and \`exec\` end only a subshell${expected}`);
    });

  test('by a signal is told so', () => {
    assert.match(hint(137, 'kill -9 $$'), /^signal 9 ended the shell/);
    assert.match(hint(undefined, 'pkill bash'), /in parentheses/);
  });

  test('on Windows is told in the words of Windows', () => {
    assert.match(hint(3, 'exit /b 3', 'bat'), /`cmd \/c exit 3` ends only a shell of its own, and `exit=3`/);
    assert.match(hint(0, 'exit', 'powershell'), /`cmd \/c exit 0` ends only a shell of its own$/);
  });

  test('has no hint when it did not', () => {
    assert.deepEqual(hintsForEnd({ kind: 'exited', code: 3 }, { language: 'sh', text: 'exit 3' }), []);
  });
});
