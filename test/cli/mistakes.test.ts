import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { page, Workspace } from './workspace.ts';

const step = '\n~~~sh step=a\ntouch /tmp/ran\necho one\n~~~\n\n~~~expect\ntwo\n~~~\n';
const labs = '\n    hint: the labs are checkout, linux, linux-ha, ';

suite('what cannot be is told with its place before anything is done', () => {
  const workspace = new Workspace({ 'fine.mdx': page('Text.') });
  after(() => workspace.close());

  const mistakes: readonly (readonly [string, string, string, ...(readonly string[])])[] = [
    [
      'a lab',
      page(step).replace('lab: linux', 'lab: lunux'),
      '4:8: there is no lab lunux\n    hint: did you mean `linux`?',
    ],
    [
      'one of several labs',
      page(step).replace('lab: linux', 'lab: [nowhere, linux]'),
      `4:9: there is no lab nowhere${labs}`,
    ],
    [
      'one of several labs that is misspelt, though another is asked for',
      page(step).replace('lab: linux', 'lab: [linux, wndows]'),
      '4:16: there is no lab wndows\n    hint: did you mean `windows`?',
      '--lab',
      'linux',
    ],
    [
      'a checkpoint',
      page(step, 'checkpoint: emty'),
      '5:15: the lab linux has no checkpoint emty\n    hint: did you mean `empty`?',
    ],
    [
      'a checkpoint of a lab that was asked for',
      page(step),
      '5:15: the lab checkout has no checkpoint empty\n    hint: leave `checkpoint` out',
      '--lab',
      'checkout',
    ],
    [
      'a host of the page',
      page(step, 'host: db'),
      '5:9: the page runs on db, which the lab linux does not have\n    hint: ',
    ],
    [
      'a host of a step',
      page(step.replace('step=a', 'step=a host=db')),
      '8:1: step a runs on db, which the lab linux does not have\n',
    ],
  ];
  for (const [name, text, told, ...options] of mistakes)
    for (const command of [['verify'], ['accept', '--yes'], ['record']])
      test(`${command[0]}: ${name}`, async () => {
        workspace.write('wrong.mdx', text);
        const { code, stdout, stderr } = await workspace.run(...command, 'content/docs/wrong.mdx', ...options);
        assert.equal(code, 2, stdout + stderr);
        assert.ok(stderr.startsWith(`content/docs/wrong.mdx:${told}`), stderr);
        assert.equal(stdout, '');
        assert.deepEqual(workspace.logs(), []);
        assert.equal(workspace.read('wrong.mdx'), text);
      });

  test('a folder `dist` that is not ours, before a site is built', async () => {
    const folder = join(workspace.root, 'dist');
    mkdirSync(folder);
    writeFileSync(join(folder, 'thesis.txt'), 'three years of work');
    for (const command of ['build', 'start']) {
      const { code, stderr } = await workspace.run(command);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /dist is there, and it is no site that tejun built; it was left as it is\n {4}hint: /);
      assert.deepEqual(readdirSync(folder), ['thesis.txt']);
    }
    rmSync(folder, { recursive: true });
  });

  test('a lab of the command line', async () => {
    const { code, stderr } = await workspace.run('verify', 'fine', '--lab', 'lnux');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^--lab: there is no lab lnux\n {4}hint: did you mean `linux`\?/);
  });

  test('a page that is no UTF-8 is left as it is, to the byte', async () => {
    const bytes = Buffer.concat([Buffer.from(page(step)), Buffer.from([0x8e, 0xe8, 0x8f, 0x87, 0x0a])]);
    writeFileSync(workspace.page('wrong.mdx'), bytes);
    const { code, stderr } = await workspace.run('accept', '--yes', 'content/docs/wrong.mdx');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^content\/docs\/wrong\.mdx:16:1: the byte 0x8e at offset \d+ is no UTF-8\n {4}hint: /);
    assert.deepEqual(readFileSync(workspace.page('wrong.mdx')), bytes);
    assert.deepEqual(workspace.logs(), []);
  });

  test('a checkpoint of the command line', async () => {
    const { code, stdout, stderr } = await workspace.run('lab', 'reset', 'linux', 'emtpy');
    assert.equal(code, 2, stderr);
    assert.equal(stderr, 'the lab linux has no checkpoint emtpy\n    hint: did you mean `empty`?\n');
    assert.equal(stdout, '');
  });

  const unread: readonly (readonly [string, string, string])[] = [
    ['nothing', 'gone.mdx', 'the page cannot be read (ENOENT)\n    hint: mend or remove the symbolic link'],
    ['itself', 'link.mdx', 'the page cannot be read (ELOOP)\n    hint: mend or remove the symbolic link'],
  ];
  for (const [where, target, told] of unread)
    test(`a symbolic link to ${where}`, async () => {
      symlinkSync(target, workspace.page('link.mdx'));
      const { code, stderr } = await workspace.run('list');
      rmSync(workspace.page('link.mdx'));
      assert.equal(code, 2, stderr);
      assert.ok(stderr.startsWith(`content/docs/link.mdx:1:1: ${told}`), stderr);
    });

  test('a name that is no UTF-8', async () => {
    const name = Buffer.concat([Buffer.from(workspace.page('Zo')), Buffer.from([0xeb]), Buffer.from('.mdx')]);
    writeFileSync(name, page(step));
    const { code, stderr } = await workspace.run('list');
    rmSync(name);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^content\/docs\/Zo\uFFFD\.mdx:1:1: .*\n {4}hint: its name is no UTF-8/);
  });

  test('but not the hidden files of an editor', async () => {
    rmSync(workspace.page('wrong.mdx'), { force: true });
    workspace.write('fine.mdx', page(step));
    symlinkSync('somebody@host.1234:5678', workspace.page('.#fine.mdx'));
    const { code, stderr } = await workspace.run('list');
    rmSync(workspace.page('.#fine.mdx'));
    assert.equal(code, 0, stderr);
  });
});
