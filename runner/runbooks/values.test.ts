import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { it } from 'node:test';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { parseVariables, variablesOf } from './values.ts';

const source = '---\ntejun:\n  vars: {city: "\uFFFD"}\n---\n';
const { runbook } = extractRunbook(source, { file: 'page.mdx', id: 'page' });

/** A value as a program gets it whose caller writes these bytes. */
function asGiven(bytes: string): string {
  const script = `exec "$0" -p 'process.argv[1]' -- "$(printf '${bytes}')"`;
  return execFileSync('bash', ['-c', script, process.execPath], { encoding: 'utf8' }).trim();
}

it('a variable given in another encoding is refused, on the command line and in the environment', () => {
  const value = asGiven('Zo\\353');
  const given = parseVariables([`city=${value}`], [runbook]);
  assert.throws(() => variablesOf(runbook, given, {}), /the value of city is no UTF-8, .*\n {4}hint: /);
  assert.throws(() => variablesOf(runbook, {}, { TEJUN_VAR_city: value }), /is no UTF-8/);
});

it('but one in UTF-8 is taken, and so is whatever the page itself says', () => {
  const value = asGiven('Zo\\303\\253');
  assert.deepEqual(variablesOf(runbook, { city: value }, {}), { city: 'Zo\u00EB' });
  assert.deepEqual(variablesOf(runbook, {}, {}), { city: '\uFFFD' });
});
