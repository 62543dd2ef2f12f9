import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse as parseJunit, type TestSuites } from 'junit2json';
import { SaxesParser } from 'saxes';
import { parse as parseYaml } from 'yaml';
import { githubReport } from './github.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { renderMatrix } from './matrix-text.ts';
import { isUnexplained, type RunReport } from './report.ts';
import { renderSummary } from './summary-text.ts';
import { tapReport } from './tap.ts';

// `x.json` holds runs, `x.junit.xml` and so on what reporters make of them. UPDATE=1 writes those anew.
const root = join(import.meta.dirname, 'fixtures');
const reporters = {
  'junit.xml': junitReport,
  tap: tapReport,
  github: githubReport,
  txt: (runs: readonly RunReport[]) => `${renderSummary(runs, worst(runs), { color: false }).join('\n')}\n`,
};
const worst = (runs: readonly RunReport[]) => runs.find(({ verdict }) => verdict !== 'passed')?.verdict ?? 'passed';
const samples = readdirSync(root)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    name: name.replace('.json', ''),
    runs: JSON.parse(readFileSync(join(root, name), 'utf8')) as readonly RunReport[],
  }));

for (const { name, runs } of samples) {
  for (const [ending, report] of Object.entries(reporters)) {
    test(`${name}.${ending}`, () => {
      const golden = join(root, `${name}.${ending}`);
      if (process.env.UPDATE === '1') writeFileSync(golden, report(runs));
      assert.equal(report(runs), readFileSync(golden, 'utf8'));
    });
  }
}

// Every character that some reader could take for its own, in every text of a run.
const hostile = [
  Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join(''),
  '\u2028\u2029\u202e\ufeff\uffff\ufffe \udc80\udcff\ud800 \u{1f600}',
  ']]> --> <!-- &amp; &#0; "\' ::error::x %0A % # \\ --- ... \nnot ok 1\n::stop-commands::x\n    ok 2\n  ...\n---',
].join('\n');
const hostileRuns: readonly RunReport[] = samples.flatMap(({ runs }) =>
  runs.map((run) => ({
    ...run,
    runbook: hostile,
    file: hostile,
    lab: hostile,
    outcomes: run.outcomes.map((outcome) => ({
      ...outcome,
      step: hostile,
      host: hostile,
      command: hostile,
      output: hostile,
      file: hostile,
      ...(outcome.reason !== undefined && { reason: hostile }),
      ...(outcome.diff && {
        diff: { ...outcome.diff, problem: hostile, rows: [{ kind: 'unexpected', actual: hostile, line: 1 } as const] },
      }),
    })),
  })),
);
const noPerl = 'this perl has no modules: they are in the Debian package perl';
const hasPerl = (module: string) => spawnSync('perl', [`-M${module}`, '-e', '1']).status === 0;
const everything = [...samples, { name: 'hostile', runs: hostileRuns }];

for (const { name, runs } of everything) {
  test(`${name}: a strict XML parser reads the JUnit report, and its counts are right`, () => {
    const suites = readJunit(junitReport(runs));
    assert.equal(suites.length, runs.length);
    for (const [index, { attributes, cases }] of suites.entries()) {
      const count = (element: string) => cases.filter((kinds) => kinds.includes(element)).length;
      assert.equal(Number(attributes.tests), cases.length);
      assert.equal(Number(attributes.failures), count('failure'));
      assert.equal(Number(attributes.errors), count('error'));
      assert.equal(Number(attributes.skipped), count('skipped'));
      assert.equal(
        runs[index]?.verdict !== 'passed',
        count('failure') + count('error') > 0,
        'a run that failed is red',
      );
    }
  });

  test(`${name}: a program that collects JUnit reports sees each step with what came of it`, async () => {
    const read = await parseJunit(junitReport(runs));
    assert.ok(read !== undefined && read !== null);
    const seen = (read as TestSuites).testsuite?.map(({ testcase = [] }) =>
      testcase.map((one) => (one.error ? 'errored' : one.failure ? 'failed' : one.skipped ? 'skipped' : 'passed')),
    );
    const told = runs.map((run) => [
      ...run.outcomes.map(({ verdict }) => (verdict === 'timed-out' ? 'failed' : verdict)),
      ...(isUnexplained(run) ? ['errored'] : []),
    ]);
    assert.deepEqual(seen ?? [], told);
  });

  test(`${name}: TAP has the points that it planned, and YAML between them`, () => {
    const lines = tapReport(runs).trimEnd().split('\n');
    assert.deepEqual(lines.slice(0, 2), ['TAP version 13', `1..${runs.length}`]);
    assert.deepEqual(
      lines.filter((line) => /^(not )?ok/.test(line)).map((line) => line.startsWith('ok')),
      runs.map(({ verdict }) => verdict === 'passed'),
    );
    assert.deepEqual(
      lines.filter((line) => /^ {4}(not )?ok/.test(line)).map((line) => line.startsWith('    ok')),
      runs.flatMap(({ outcomes }) => outcomes.map(({ verdict }) => verdict === 'passed' || verdict === 'skipped')),
    );
    const blocks = [...lines.join('\n').matchAll(/^ {6}---\n((?: {6}.*\n| *\n)*?) {6}\.\.\.$/gm)];
    const bad = runs.flatMap(({ outcomes }) => outcomes.filter(({ verdict }) => !/passed|skipped/.test(verdict)));
    assert.deepEqual(
      blocks.map(([, block]) => parseYaml((block ?? '').replace(/^ {6}/gm, '')).verdict),
      bad.map(({ verdict }) => verdict),
    );
  });

  test(`${name}: prove reads the TAP report as it is meant`, (context) => {
    if (!hasPerl('App::Prove')) return context.skip(noPerl);
    const folder = mkdtempSync(join(tmpdir(), 'tejun-tap-'));
    context.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'report.tap'), tapReport(runs));
    const prove = 'my $app = App::Prove->new; $app->process_args(@ARGV); exit !$app->run';
    const args = ['-MApp::Prove', '-e', prove, '--', '-e', 'cat', join(folder, 'report.tap')];
    const { status, stdout } = spawnSync('perl', args, { encoding: 'utf8' });
    assert.equal(status === 0, runs.length > 0 && runs.every(({ verdict }) => verdict === 'passed'), stdout);
    assert.doesNotMatch(stdout, /Parse errors/);
  });

  test(`${name}: an annotation is one line, and nothing in it is a command of its own`, () => {
    const lines = githubReport(runs).split('\n').slice(0, -1);
    const told = runs.flatMap(({ outcomes }) => outcomes.filter(({ verdict }) => verdict !== 'passed'));
    const empty = runs.filter(({ outcomes, verdict }) => outcomes.length === 0 && verdict !== 'passed');
    assert.equal(lines.length, told.length + empty.length);
    for (const line of lines) assert.match(line, /^::(error|notice) file=[^:,\r]*,line=\d+,title=[^:,\r]*::[^\r]*$/);
  });

  test(`${name}: JSON holds all of it and can be read anywhere`, () => {
    const text = jsonReport(runs);
    const escaped: Readonly<Record<string, string>> = { '\udc80': '\\x80', '\udcff': '\\xff', '\ud800': '\\ud800' };
    const bytes = (_: string, value: unknown) =>
      typeof value === 'string' ? value.replace(/\p{Cs}/gu, (unit) => escaped[unit] ?? unit) : value;
    assert.deepEqual(JSON.parse(text), { version: 1, runs: JSON.parse(JSON.stringify(runs, bytes)) });
    assert.doesNotMatch(text, /(?<!\\)\\ud[89a-f]/);
  });

  test(`${name}: perl reads the JSON report`, (context) => {
    if (!hasPerl('JSON::PP')) return context.skip(noPerl);
    const read = 'undef $/; print JSON::PP->new->ascii->encode(JSON::PP->new->utf8->decode(<STDIN>))';
    const { status, stdout, stderr } = spawnSync('perl', ['-MJSON::PP', '-e', read], {
      encoding: 'utf8',
      input: jsonReport(runs),
    });
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), JSON.parse(jsonReport(runs)));
  });
}

test('of a runbook that ran in several places each report says where', () => {
  const [run] = samples.flatMap(({ runs }) =>
    runs.filter(({ outcomes }) => outcomes.some(({ verdict }) => verdict === 'failed')),
  );
  assert.ok(run);
  const runs = ['17', '18'].map((pg): RunReport => ({ ...run, lab: 'windows', chosen: { pg }, facts: {} }));
  for (const [ending, report] of Object.entries(reporters))
    for (const pg of ['17', '18']) assert.match(report(runs), new RegExp(`windows pg=${pg}`), ending);
  const failed = run.outcomes.find(({ verdict }) => verdict === 'failed')?.step;
  assert.match(githubReport(runs), new RegExp(`title=${failed} on windows pg=18 failed::`));
});

test('the PostgreSQL of a run is that of the hosts that are as was chosen', () => {
  const [run] = samples.flatMap(({ runs }) => runs);
  assert.ok(run);
  const facts = { pool: { pg: '15', pg_version: '15.18' }, one: { pg: '18', pg_version: '18.4' } };
  for (const render of [renderSummary, (all: readonly RunReport[]) => renderMatrix(all, { color: false })]) {
    const text = (chosen: Record<string, string>) =>
      render([{ ...run, facts, chosen }], 'passed', { color: false }).join();
    assert.match(text({ pg: '18' }), /PostgreSQL 18\.4\)/);
    assert.match(text({}), /PostgreSQL 15\.18\)/);
  }
});

type Suite = { readonly attributes: Readonly<Record<string, string>>; readonly cases: string[][] };

function readJunit(xml: string): readonly Suite[] {
  const suites: Suite[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const suite = suites.at(-1);
    if (name === 'testsuite') suites.push({ attributes, cases: [] });
    else if (name === 'testcase') suite?.cases.push([]);
    else suite?.cases.at(-1)?.push(name);
  });
  parser.write(xml).close();
  return suites;
}
