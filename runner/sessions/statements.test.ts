import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshSession } from '../../test/conformance/local-host.ts';
import { runIn } from '../../test/conformance/sessions.ts';
import { cutStatements, isOneProgram, type Statement } from './statements.ts';

const cut = async (text: string, traced = false): Promise<readonly unknown[]> =>
  (await cutStatements(text, traced)).flatMap((statement: Statement): unknown[] =>
    statement.kind === 'broken' ? [{ refused: statement.text, line: statement.line }] : [...statement.texts],
  );

test('a text is cut where bash would read on', async () => {
  assert.deepEqual(await cut('cd /srv; ls\necho "a;b" # c; d\n'), ['cd /srv', 'ls', 'echo "a;b" # c; d']);
  assert.deepEqual(await cut('for i in 1; do\n  echo $i\ndone; sleep 1 & wait'), [
    'for i in 1; do\n  echo $i\ndone',
    'sleep 1 &',
    'wait',
  ]);
  assert.deepEqual(await cut('f() { a; b; }\n! f && g || h\n'), ['f() { a; b; }', '! f && g || h']);
  assert.deepEqual(await cut(''), ['']);
  assert.deepEqual(await cut('# only this'), ['']);
  assert.deepEqual(await cut('echo 手順; echo é'), ['echo 手順', 'echo é']);
});

test('what stands on a line with a here-document stays together', async () => {
  assert.deepEqual(await cut('cat <<A; echo b\na\nA\necho c'), ['cat <<A; echo b\na\nA', 'echo c']);
  assert.deepEqual(await cut('if x; then cat <<A; fi; echo b\na\nA\necho c'), [
    'if x; then cat <<A; fi; echo b\na\nA',
    'echo c',
  ]);
});

test('what bash refuses is cut off behind its line', async () => {
  assert.deepEqual(await cut('echo a\nfi\necho b'), ['echo a', { refused: 'fi', line: 2 }]);
  assert.deepEqual(await cut('if true; then\necho a\nfi fi\necho b'), [
    { refused: 'if true; then\necho a\nfi fi', line: 3 },
  ]);
});

test('a text that ends too early is never typed', async () => {
  for (const text of ['echo "abc', 'case x in', 'cat <<E\nx', '[[ a\necho b']) {
    const [first = ''] = await cut(text);
    assert.match(String(first), /^\{ builtin printf .*\(builtin exit 2\); \}$/s, text);
  }
});

test('statements are typed one by one where they are traced, or may be', async () => {
  assert.equal((await cutStatements('a; b', false)).length, 1);
  assert.equal((await cutStatements('a; b', true)).length, 2);
  for (const text of ['set -x; b', 'set -o xtrace\nb', 'trap x DEBUG; b', 'set -euvo pipefail; b']) {
    assert.equal((await cutStatements(text, false)).length, 2, text);
  }
});

test('after one program nothing can come', () => {
  for (const text of ['ls', 'psql -c "select 1"', './run.sh a b']) assert.ok(isOneProgram(text), text);
  for (const text of ['a; b', 'a | b', 'if', '. lib', 'eval x', 'a $(b)', 'a\nb', '"x"'])
    assert.ok(!isOneProgram(text), text);
});

test('a text for which the parser has no memory is run as one', async () => {
  const text = `${`: '${'x'.repeat(70_000)}'\n`.repeat(20)}echo ran; false; echo never`;
  const [only, ...more] = await cutStatements(text, false);
  assert.ok(only?.kind === 'whole' && only.texts.length === 1 && only.texts[0]?.startsWith('{ : '));
  assert.deepEqual(more, []);
  const session = await freshSession();
  const { end, output } = await runIn(session, text);
  assert.deepEqual([end, output], [{ kind: 'exited', code: 1 }, 'ran\r\n']);
  await session.close();
});
