import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codePage, decodeAll } from './code-page.ts';

const texts = ['手順書を実行する 表ソ能', 'ｶﾀｶﾅ ① ㈱ ～ ￢', 'C:\\Users\\Administrator> echo ~'];

describe('code pages', () => {
  it('932 and 65001 carry Japanese both ways, however the bytes are cut', () => {
    for (const number of [932, 65001]) {
      const page = codePage(number);
      for (const text of texts) {
        const bytes = page.encode(text);
        assert.ok(bytes, text);
        assert.equal(decodeAll(page, bytes), text);
        const decoder = page.decoder();
        const pieces = [...bytes].map((byte) => decoder.write(Buffer.of(byte)));
        assert.equal(pieces.join('') + decoder.end(), text);
      }
    }
  });

  it('932 is Windows’: bytes as Windows writes them', () => {
    const known = {
      表: '955c',
      ソ: '835c',
      '①': '8740',
      '∥': '8161',
      '－': '817c',
      髙: 'fbfc',
      '¬': undefined,
      é: undefined,
    };
    for (const [text, bytes] of Object.entries(known))
      assert.equal(codePage(932).encode(text)?.toString('hex'), bytes, text);
  });

  it('what is no text stays visible', () => {
    assert.equal(decodeAll(codePage(932), Buffer.of(0x61, 0xfd, 0x81, 0x20, 0x82)), 'a\udcfd\udc81 \udc82');
    assert.equal(decodeAll(codePage(65001), Buffer.of(0x61, 0x95, 0x5c)), 'a\udc95\\');
  });

  it('of another one only ASCII is known', () => {
    assert.equal(codePage(437).encode('é'), undefined);
    assert.equal(decodeAll(codePage(437), Buffer.of(0x61, 0x82)), 'a\udc82');
    assert.equal(codePage(437).encode('dir')?.toString(), 'dir');
  });
});
