import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientMessageSchema, messageLimit, protocolVersion } from '../../../core/protocol/client-message.ts';
import { pageProtocolVersion } from '../protocol-version.ts';
import { keyPieces, longestPiece } from './key-pieces.ts';

for (const [what, character] of [
  ['letters', 'a'],
  ['control characters', '\x1b'],
  ['emoji', '🐘'],
] as const) {
  test(`a long paste of ${what} arrives whole, in messages that the runner takes`, () => {
    const text = `x${character.repeat(3 * longestPiece)}`;
    const pieces = keyPieces(text);
    assert.equal(pieces.join(''), text);
    for (const data of pieces) {
      assert.ok(data.isWellFormed());
      const message = { kind: 'keys', lab: 'linux', host: 'postgres1', data };
      clientMessageSchema.parse(message);
      assert.ok(JSON.stringify(message).length <= messageLimit);
    }
  });
}

test('the page speaks the version of the messages that the runner does', () => {
  assert.equal(pageProtocolVersion, protocolVersion);
});
