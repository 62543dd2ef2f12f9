import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { extractRunbook } from './extract.ts';

const step = '\n```sh step=a\ntrue\n```\n';

function read(source: string) {
  const { runbook, problems } = extractRunbook(source, { file: 'page.mdx', id: 'page' });
  return { runbook, told: problems.map(({ line, column, what }) => `${line}:${column}: ${what}`) };
}

describe('front matter is read as Astro reads it', () => {
  const forms: Readonly<Record<string, string>> = {
    'in the first line': '---\ntitle: Sea\ntejun:\n  lab: north\n---\n',
    'after a blank line': '\n---\ntitle: Sea\ntejun:\n  lab: north\n---\n',
    'after blank lines with blanks': ' \n\t\n---\ntitle: Sea\ntejun:\n  lab: north\n---\n',
    'with the lines of Windows': '---\r\ntitle: Sea\r\ntejun:\r\n  lab: north\r\n---\r\n',
    'with a byte order mark': '\uFEFF---\ntitle: Sea\ntejun:\n  lab: north\n---\n',
    'with a byte order mark and the lines of Windows': '\uFEFF---\r\ntitle: Sea\r\ntejun:\r\n  lab: north\r\n---\r\n',
    'with blanks behind the fences': '---  \ntitle: Sea\ntejun:\n  lab: north\n---\t\n',
    'with a comment behind the fence': '--- # of this page\ntitle: Sea\ntejun: {lab: north}\n---\n',
  };
  for (const [name, front] of Object.entries(forms))
    it(name, () => {
      const { runbook, told } = read(front + step);
      assert.deepEqual(told, []);
      assert.deepEqual([runbook.title, runbook.labs, runbook.steps.length], ['Sea', ['north'], 1]);
    });

  it('with mistakes at their places', () => {
    assert.deepEqual(read(`\n\n---\ntejun:\n  lap: north\n---\n${step}`).told, [
      '5:3: front matter: unknown key `lap` in `tejun`',
    ]);
    assert.deepEqual(read(`\uFEFF---\r\ntejun:\r\n  lap: north\r\n---\r\n${step}`).told, [
      '3:3: front matter: unknown key `lap` in `tejun`',
    ]);
  });

  it('with the steps at their places', () => {
    assert.equal(read(`\n---\ntitle: Sea\n---\n${step}`).runbook.steps[0]?.line, 6);
  });
});

describe('settings that would say nothing are a mistake', () => {
  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    ['in TOML', '+++\ntitle = "Sea"\n+++\n', ['1:1: front matter: it is TOML, of which nothing would hold here']],
    [
      'in TOML after a blank line',
      '\n+++\n[tejun]\nlab = "north"\n+++\n',
      ['2:1: front matter: it is TOML, of which nothing would hold here'],
    ],
    [
      'beside `tejun`',
      '---\ntejun:\n  lab: north\nhost: a\n---\n',
      ['4:1: front matter: `host` stands outside of `tejun`, where it says nothing'],
    ],
    [
      'without `tejun`',
      '---\ntitle: Sea\nlab: north\n---\n',
      ['3:1: front matter: `lab` stands outside of `tejun`, where it says nothing'],
    ],
    ['with a capital letter', '---\nTejun:\n  lab: north\n---\n', ['2:1: front matter: unknown key `Tejun`']],
    ['misspelt', '---\ntejn:\n  lab: north\n---\n', ['2:1: front matter: unknown key `tejn`']],
    [
      'within another key',
      '---\nsidebar:\n  order: 1\n  tejun:\n    lab: north\n---\n',
      ['4:3: front matter: `tejun` stands within `sidebar`, where it says nothing'],
    ],
    [
      'ended by the other fence',
      '---\ntitle: Sea\n+++\n',
      ['3:1: front matter: it ends at the line `+++`, of which a part would be text of the page'],
    ],
    [
      'ended by a line that only begins like a fence',
      '---\ntitle: |\n  Sea\n--- and sand\n---\n',
      ['4:1: front matter: it ends at the line `--- and sand`, of which a part would be text of the page'],
    ],
    ['as a list', '---\n- tejun\n---\n', ['2:1: front matter: it must be a mapping']],
    [
      'below a comment',
      '{/* sea */}\n\n---\ntejun:\n  lab: north\n---\n',
      ['4:1: this is no front matter, so it says nothing'],
    ],
    ['after a blank', ' ---\ntejun:\n  lab: north\n---\n', ['2:1: this is no front matter, so it says nothing']],
    ['never closed', '---\ntitle: Sea\ntejun:\n  lab: north\n', ['3:1: this is no front matter, so it says nothing']],
    [
      'never closed, with a comment',
      '---\ntejun: # of this page\n  lab: north\n',
      ['2:1: this is no front matter, so it says nothing'],
    ],
    ['never closed, beside `tejun`', '\n---\nlab: north\n', ['2:1: this is no front matter, so it says nothing']],
    ['after a blank, beside `tejun`', ' ---\nlab: north\n---\n', ['1:1: this is no front matter, so it says nothing']],
    ['ended by dots', '---\ntejun:\n  lab: north\n...\n', ['2:1: this is no front matter, so it says nothing']],
    ['in a quote', '> ---\n> tejun:\n>   lab: north\n> ---\n', ['2:3: this is no front matter, so it says nothing']],
    [
      'in a second front matter',
      '---\ntitle: Sea\n---\n---\ntejun:\n  lab: north\n---\n',
      ['5:1: this is no front matter, so it says nothing'],
    ],
    ['with old line ends', '---\rtejun:\r  lab: north\r---\r', ['2:1: this is no front matter, so it says nothing']],
    [
      'beside `tejun` with a capital letter',
      '---\ntitle: Sea\nLab: north\n---\n',
      ['3:1: front matter: `Lab` stands outside of `tejun`, where it says nothing'],
    ],
    [
      'beside `tejun` in the plural',
      '---\ntitle: Sea\nlabs: [north]\n---\n',
      ['3:1: front matter: `labs` stands outside of `tejun`, where it says nothing'],
    ],
    [
      'beside `tejun`, misspelt',
      '---\ntitle: Sea\ncheckpont: ready\n---\n',
      ['3:1: front matter: `checkpont` stands outside of `tejun`, where it says nothing'],
    ],
    [
      'indented by no-break spaces',
      '---\ntejun:\n\u00a0\u00a0lab: north\n---\n',
      [
        '2:7: front matter: `tejun` must be a mapping',
        '3:1: front matter: `\u00a0\u00a0lab` stands outside of `tejun`, where it says nothing',
      ],
    ],
    [
      'indented by a tab',
      '---\ntejun:\n\tlab: north\n---\n',
      ['3:1: front matter: Tabs are not allowed as indentation'],
    ],
    ['with a dot', '---\ntejun.lab: north\n---\n', ['2:1: front matter: unknown key `tejun.lab`']],
    ['without a blank', '---\ntejun:lab: north\n---\n', ['2:1: front matter: unknown key `tejun:lab`']],
    [
      'within another key with a capital letter',
      '---\nsidebar:\n  Tejun: {lab: north}\n---\n',
      ['3:3: front matter: `Tejun` stands within `sidebar`, where it says nothing'],
    ],
    ['as a text', '---\ntejun: "lab: north"\n---\n', ['2:8: front matter: `tejun` must be a mapping']],
    ['as nothing', '---\ntejun:\n---\n', ['2:7: front matter: `tejun` must be a mapping']],
    ['without fences', 'tejun:\n  lab: north\n', ['1:1: this is no front matter, so it says nothing']],
  ];
  for (const [name, front, told] of forms)
    it(name, () => {
      assert.deepEqual(read(front + step).told, told);
    });

  it('but not what only looks like them', () => {
    assert.deepEqual(
      read(`---\ntitle: Sea\ntags: [a]\nlabel: b\nhero: {tagline: c}\n---\n\n---\nNote: a line.\n${step}`).told,
      [],
    );
    assert.deepEqual(read(`---\n\nNote: a line above all.\n${step}`).told, []);
    const shown = '````md\n---\ntejun:\n  lab: north\n---\n````\n';
    assert.deepEqual(read(`---\ntitle: Sea\n---\n\nIts key is \`tejun:\`, of course.\n\n${shown}${step}`).told, []);
  });
});
