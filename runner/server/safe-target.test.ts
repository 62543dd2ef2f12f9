import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeTarget } from './safe-target.ts';

test('a path of the site is kept as it is', () => {
  for (const path of [
    '/',
    '/operations/backup/',
    '/ja/%E8%A4%87%E8%A3%BD/?lab=linux#step-dump',
    '/x?to=//evil.example',
  ])
    assert.equal(safeTarget(path), path);
});

test('anything else is the start page', () => {
  for (const to of [
    undefined,
    null,
    '',
    'x',
    '//evil',
    '/\\evil',
    '/x\\..\\evil',
    '/.//evil',
    '/x/..//evil',
    '/\t/evil',
    '/x\n',
    '/é',
  ])
    assert.equal(safeTarget(to), '/', String(to));
  for (const to of ['/_tejun/enter?token=x', '/_tejun', '/x/../_tejun/enter', '/_Tejun/enter'])
    assert.equal(safeTarget(to), '/');
});
