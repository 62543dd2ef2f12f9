import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { labPackagesFor } from './lab-packages.mjs';

describe('the packages of a page’s lab are known however its front matter is written', () => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-packages-'));
  after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'labs', 'north'), { recursive: true });
  writeFileSync(join(root, 'labs', 'north', 'lab.yaml'), 'packages: [pgpool2]\n');
  mkdirSync(join(root, 'content', 'docs'), { recursive: true });
  const forms: Readonly<Record<string, string>> = {
    'in the first line': '---\ntejun:\n  lab: north\n---\n',
    'after a blank line': '\n---\ntejun:\n  lab: north\n---\n',
    'with a byte order mark and the lines of Windows': '\uFEFF---\r\ntejun:\r\n  lab: north\r\n---\r\n',
    'with blanks behind the fence': '--- \ntejun: {"lab": "north"}\n---\n',
    'as the first of several': '---\ntejun:\n  lab: [north, south]\n---\n',
    'as the first of a list': '---\ntejun:\n  lab:\n    - north\n    - south\n---\n',
  };
  for (const [name, front] of Object.entries(forms))
    it(name, () => {
      writeFileSync(join(root, 'content', 'docs', 'page.mdx'), front);
      assert.deepEqual(labPackagesFor(root, ['verify', 'page']), ['pgpool2']);
    });
});
