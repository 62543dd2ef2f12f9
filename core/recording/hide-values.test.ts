import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHiding, type HiddenValue, replaceBetween } from './hide-values.ts';

const word = (value: string, shown: string): HiddenValue => ({ value, shown, where: 'word' });
const path = (value: string, shown: string): HiddenValue => ({ value, shown, where: 'path' });
const anywhere = (value: string, shown: string): HiddenValue => ({ value, shown, where: 'anywhere' });

test('hides values wherever they are, the longest first and the first of two equal ones', () => {
  const hiding = createHiding([anywhere('shop', '‹db›'), anywhere('shop_test', '‹test›'), anywhere('shop', '‹no›')]);
  assert.equal(hiding.text('shop shop_pkey webshops shop_tests'), '‹db› ‹db›_pkey web‹db›s ‹test›s');
  assert.equal(createHiding([anywhere('a.b[1]$', 'x')]).text('a.b[1]$ aXb[1]$'), 'x aXb[1]$');
  assert.equal(createHiding([anywhere('', 'x')]).text('nothing'), 'nothing');
  assert.equal(createHiding([anywhere('one\ntwo', 'x')]).text('one\r\ntwo, one\ntwo'), 'x, x');
});

test('hides names of machines only as whole words', () => {
  const hiding = createHiding([word('vm', '‹host›')]);
  assert.equal(hiding.text('vm vm: (vm) a@vm:~ vm.'), '‹host› ‹host›: (‹host›) a@‹host›:~ ‹host›.');
  assert.equal(hiding.text('vmstat my-vm vm_1 vm2 日vm'), 'vmstat my-vm vm_1 vm2 日vm');
});

test('hides paths only as whole paths or their beginnings', () => {
  const hiding = createHiding([path('/home/ann', '‹home›'), path('/home/ann/tejun', '‹checkout›')]);
  const told = hiding.text(
    '/home/ann /home/ann/x ="/home/ann/tejun/a.ts:1" file:///home/ann. /x:/home/ann file://vm-1.lan/home/ann/x',
  );
  assert.equal(told, '‹home› ‹home›/x ="‹checkout›/a.ts:1" file://‹home›. /x:‹home› file://vm-1.lan‹home›/x');
  const other = '/home/anna /mnt/home/ann ./home/ann ~/home/ann /home/ann.old /home/ann-2';
  assert.equal(hiding.text(other), other);
});

test('hides in all text of an outcome, and leaves its shape', () => {
  const hiding = createHiding([anywhere('long', '‹v›'), anywhere('passed', '‹v›'), anywhere('dump', '‹v›')]);
  const value = {
    step: 'dump',
    verdict: 'passed',
    command: 'echo long',
    diff: { kind: 'text', rows: [{ kind: 'elided', count: 7, why: 'long' }, undefined, 'passed'] },
    end: { kind: 'disconnected', why: 'too long' },
  };
  assert.deepEqual(hiding.deep(value), {
    step: 'dump',
    verdict: 'passed',
    command: 'echo ‹v›',
    diff: { kind: 'text', rows: [{ kind: 'elided', count: 7, why: 'long' }, undefined, '‹v›'] },
    end: { kind: 'disconnected', why: 'too ‹v›' },
  });
});

test('marks stay where they are, and come after what was replaced around them', () => {
  const marks = [0, 2, 4, 6, 9].map((offset) => ({ offset, mark: offset }));
  const told = [...replaceBetween('ab SECR cd', marks, [{ from: 3, to: 7, shown: '*' }])];
  assert.deepEqual(told, [{ mark: 0 }, 'ab', { mark: 2 }, ' ', '*', { mark: 4 }, { mark: 6 }, ' c', { mark: 9 }, 'd']);
});

test('a value that a terminal would not draw at all hides nothing else', () => {
  const hiding = createHiding([word('\u0007', '‹bell›')]);
  assert.equal(hiding.text('a b, \u0007!'), 'a b, ‹bell›!');
});
