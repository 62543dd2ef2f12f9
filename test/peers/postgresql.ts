// PostgreSQL's own regression tests, twice: as pages that run psql on its files, and with each of their statements as a
// step in SQL. npx tejun-node test/peers/postgresql.ts [FOLDER] (FOLDER keeps the sources for the next call)
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunEvent } from '../../core/run/model.ts';
import { Book, type BookStep } from './regression/book.ts';
import { Cluster } from './regression/cluster.ts';
import { reasonFor } from './regression/known-differences.ts';
import { type Printed, runInPsql } from './regression/psql.ts';
import { debian, fetchSuite, type RegressionSuite } from './regression/source.ts';
import { StatementRecorder } from './regression/statement-recorder.ts';

/** How many tests psql passes here at least: with fewer, something is wrong with this run. */
const fewestEqual = 195;
/** Statements at most whose output may differ from psql's. */
const mostDifferent = 30;

const directory = mkdtempSync(join(tmpdir(), 'tejun-regression-'));
chmodSync(directory, 0o755);
const kept = process.argv[2];
const clusters: Cluster[] = [];
try {
  const sources = kept === undefined ? join(directory, 'source') : resolve(kept);
  mkdirSync(sources, { recursive: true });
  const suite = await timed('sources', () => fetchSuite(sources));
  const files = await filesInPsql(suite);
  const statements = await statementsInSql(suite, files.statements);
  process.exitCode = files.ok && statements ? 0 : 1;
} finally {
  for (const cluster of clusters) cluster.stop();
  rmSync(directory, { recursive: true, force: true });
}

/** A page for each file, which psql runs; true when all pages pass whose output is what PostgreSQL expects. */
async function filesInPsql({ folder, libraries, tests }: RegressionSuite) {
  const cluster = clusterIn('files', {});
  const front = join(directory, 'front');
  const recorder = await StatementRecorder.start(front, cluster.socket);
  const book = new Book(join(directory, 'book-of-files'), cluster.socket);
  const results = join(directory, 'results');
  mkdirSync(results);
  // As pg_regress and psql_start_test of PostgreSQL's src/test/regress.
  const script = `#!/bin/bash
unset LC_ALL LC_COLLATE LC_CTYPE LC_MONETARY LC_NUMERIC LC_TIME LANGUAGE PGCLIENTENCODING
export LANG=C LC_MESSAGES=C PGHOST=${front} PGPORT=5432 PGUSER=postgres PGAPPNAME="pg_regress/$1"
export PGTZ=America/Los_Angeles PGDATESTYLE='Postgres, MDY' PGOPTIONS='-c intervalstyle=postgres_verbose'
export PG_ABS_SRCDIR=${folder} PG_ABS_BUILDDIR=${folder} PG_LIBDIR=${libraries} PG_DLSUFFIX=.so
psql -X -a -q -d regression -v HIDE_TABLEAM=on -v HIDE_TOAST_COMPRESSION=on <${folder}/sql/$1.sql 2>&1 | tee ${results}/$1.out
`;
  writeFileSync(join(book.root, 'regress'), script, { mode: 0o755 });
  const expected = (name: string): string => readFileSync(join(folder, 'expected', name), 'latin1');
  for (const name of tests) {
    const lines = Buffer.from(expected(`${name}.out`), 'latin1')
      .toString('utf8')
      .split('\n')
      .map(asTerminal);
    book.add(name, [
      { id: 'run', language: 'sh', attributes: 'timeout=300s', text: `./regress ${name}`, expected: lines },
    ]);
  }
  const logs = await timed('files', () => book.verify());
  recorder.close();
  const equal = tests.filter((name) => {
    const printed = join(results, `${name}.out`);
    return existsSync(printed) && readFileSync(printed, 'latin1') === expected(`${name}.out`);
  });
  const wrong = equal.filter((name) => verdictOf(logs.get(name), 'run') !== 'passed');
  console.log(`files: ${equal.length} of ${tests.length} have the output that PostgreSQL expects`);
  console.log(`  not: ${tests.filter((name) => !equal.includes(name)).join(' ')}`);
  console.log(`  of these ${equal.length} pages pass: ${equal.length - wrong.length}`);
  for (const name of wrong) console.log(`  FAILED ${name}: ${reasonOf(logs.get(name), 'run')}`);
  const data = join(directory, 'copied');
  mkdirSync(data);
  const statements = new Map(tests.map((name) => [name, recorder.statementsOf(`pg_regress/${name}`, data)]));
  return { ok: wrong.length === 0 && equal.length >= fewestEqual, statements };
}

/** Each statement by psql on one server and as a step in SQL on another; true when few enough differ, and all are known. */
async function statementsInSql({ tests }: RegressionSuite, all: ReadonlyMap<string, readonly string[]>) {
  // Nothing that happens by the clock.
  const [first, second] = ['psql', 'steps'].map((name) => clusterIn(name, { autovacuum: 'off' }));
  if (first === undefined || second === undefined) return false;
  for (const cluster of [first, second])
    for (const setting of [
      "timezone to 'America/Los_Angeles'",
      "datestyle to 'Postgres, MDY'",
      "intervalstyle to 'postgres_verbose'",
    ])
      cluster.psql(`alter database regression set ${setting}`);
  const book = new Book(join(directory, 'book-of-statements'), second.socket);
  const ran = await timed('statements in psql', () =>
    tests.map((name) => {
      const statements = (all.get(name) ?? []).filter(isText);
      const printed = runInPsql(statements, first.socket, join(directory, 'printed'));
      book.add(name, statements.map(stepOf(printed)));
      return { name, statements, printed };
    }),
  );
  const logs = await timed('statements as steps', () => book.verify());
  const different = ran.flatMap(({ name, statements, printed }) => {
    const outputs = outputsOf(logs.get(name) ?? []);
    return statements.flatMap((statement, index) => {
      const id = `s${index + 1}`;
      const wanted = withoutBlanks(printed[index]?.output ?? '');
      const came = withoutBlanks(outputs.get(id) ?? '');
      if (wanted === came && verdictOf(logs.get(name), id) === 'passed') return [];
      const reason = reasonFor(name, statement);
      return [{ name, id, statement, wanted, came, reason, verdict: reasonOf(logs.get(name), id) }];
    });
  });
  const count = ran.reduce((sum, { statements }) => sum + statements.length, 0);
  const left = [...all.values()].flat().length - count;
  console.log(`statements: ${count}, ${different.length} differ; ${left} not tried, which no page can hold`);
  for (const { name, id, statement, wanted, came, reason, verdict } of different) {
    console.log(`  ${reason === undefined ? 'UNKNOWN' : 'known'} ${name} ${id}: ${reason ?? verdict}`);
    if (reason === undefined) console.log(`${quoted(statement)}\npsql:\n${quoted(wanted)}\nstep:\n${quoted(came)}`);
  }
  return count > 30_000 && different.length <= mostDifferent && different.every(({ reason }) => reason !== undefined);
}

function stepOf(printed: readonly Printed[]): (text: string, index: number) => BookStep {
  return (text, index) => ({
    id: `s${index + 1}`,
    language: 'sql',
    // A cleanup step runs whatever became of those before it.
    attributes: `cleanup timeout=120s exit=${printed[index]?.failed ? 1 : 0}`,
    text,
    expected: (printed[index]?.output ?? '').split('\n'),
  });
}

function clusterIn(name: string, settings: Readonly<Record<string, string>>): Cluster {
  const cluster = new Cluster(join(directory, name), debian.major, settings);
  clusters.push(cluster);
  return cluster;
}

/** Whether a page in UTF-8 can have it: Markdown has one kind of line ends, and a fence without lines is no command. */
function isText(statement: string): boolean {
  return !/[\0\r\ufffd]/.test(statement) && !statement.includes('\\{{') && statement.trim() !== '';
}

/** Nothing compares blanks at the ends of lines and empty lines at the end. */
function withoutBlanks(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[ ]+$/gm, '').replace(/\n+$/, '');
}

function outputsOf(events: readonly RunEvent[]): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  for (const event of events)
    if (event.kind === 'output') outputs.set(event.step, (outputs.get(event.step) ?? '') + event.data);
  return outputs;
}

function outcomeOf(events: readonly RunEvent[] = [], step: string) {
  for (const event of events) if (event.kind === 'step-ended' && event.outcome.step === step) return event.outcome;
  return undefined;
}

function verdictOf(events: readonly RunEvent[] | undefined, step: string): string {
  return outcomeOf(events, step)?.verdict ?? 'not run';
}

function reasonOf(events: readonly RunEvent[] | undefined, step: string): string {
  const outcome = outcomeOf(events, step);
  return `${outcome?.verdict ?? 'not run'} ${outcome?.reason ?? ''}`.trim();
}

/** A line as a terminal shows it, which goes back to its begin at a carriage return; no page can hold one. */
function asTerminal(line: string): string {
  return line.split('\r').reduce((below, text) => text + below.slice(text.length));
}

function quoted(text: string): string {
  return text.slice(0, 1500).replace(/^/gm, '    | ');
}

async function timed<T>(title: string, work: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  console.log(`── ${title}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
