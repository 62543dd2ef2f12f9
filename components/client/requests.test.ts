import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Requests } from './requests.ts';

test('a refusal is told where it was asked for, once', () => {
  const requests = new Requests();
  const [step, terminal] = [requests.number({ step: 'dump' }), requests.number({ terminal: 'postgres1' })];
  const refused = { kind: 'refused', what: 'w', hint: 'h' } as const;
  assert.deepEqual(requests.refusal({ ...refused, request: terminal }), {
    terminal: 'postgres1',
    what: 'w',
    hint: 'h',
  });
  assert.deepEqual(requests.refusal({ ...refused, request: step }), { step: 'dump', what: 'w', hint: 'h' });
  assert.deepEqual(requests.refusal({ ...refused, request: step }), { what: 'w', hint: 'h' });
  assert.deepEqual(requests.refusal({ ...refused, request: undefined }), { what: 'w', hint: 'h' });
  assert.equal(requests.refusal({ kind: 'done', request: step }), undefined);
});
