import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readScriptHashes, scriptHashesFile } from './script-hashes.ts';

const site = mkdtempSync(join(tmpdir(), 'tejun-hashes-'));
after(() => rmSync(site, { recursive: true }));
const hash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

test('a site without the file has no inline script of its own', () => {
  assert.deepEqual(readScriptHashes(site), []);
});

test('hashes are read as the build wrote them', () => {
  writeFileSync(join(site, scriptHashesFile), JSON.stringify([hash]));
  assert.deepEqual(readScriptHashes(site), [hash]);
});

test('nothing but a hash gets into the policy', () => {
  const wrong = [
    "'unsafe-inline'",
    '*',
    `${hash} *`,
    `${hash}; img-src *`,
    `${hash}\r\nX: y`,
    `${hash}\n`,
    'https://evil.example',
    '',
    1,
  ];
  for (const each of [...wrong.map((entry) => [hash, entry]), {}, null, hash]) {
    writeFileSync(join(site, scriptHashesFile), JSON.stringify(each));
    assert.throws(
      () => readScriptHashes(site),
      /is not a list of script hashes like .*\nbuild the site anew with `npm run build/,
      JSON.stringify(each),
    );
  }
  writeFileSync(join(site, scriptHashesFile), '[');
  assert.throws(() => readScriptHashes(site), /is not a list/);
});
