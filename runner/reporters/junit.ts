import { renderDiff } from './diff-text.ts';
import { endOf, isUnexplained, nameOf, placeOf, type RunReport } from './report.ts';
import { visible } from './visible.ts';

/** JUnit XML as CI systems read it: a suite for each runbook, a case for each step; `error` is what could not be executed. */
export function junitReport(runs: readonly RunReport[]): string {
  const suites = runs.flatMap((run) => {
    const count = (...verdicts: string[]): number =>
      run.outcomes.filter(({ verdict }) => verdicts.includes(verdict)).length;
    const name = nameOf(run, runs);
    const unexplained = isUnexplained(run) ? 1 : 0;
    const attributes = attributesOf({
      name,
      tests: run.outcomes.length + unexplained,
      failures: count('failed', 'timed-out'),
      errors: count('errored') + unexplained,
      skipped: count('skipped'),
      time: seconds(run.durationMs),
      timestamp: run.date.replace(/\.\d+Z$/, ''),
      hostname: placeOf(run),
      file: run.file,
    });
    return [
      `  <testsuite${attributes}>`,
      ...run.outcomes.map((outcome) => testCase(name, outcome)),
      ...(unexplained ? [endOfRun(name, run)] : []),
      '  </testsuite>',
    ];
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="tejun">', ...suites, '</testsuites>', ''].join(
    '\n',
  );
}

function testCase(classname: string, outcome: RunReport['outcomes'][number]): string {
  const { step, host, file, line, durationMs, verdict, reason } = outcome;
  const attributes = attributesOf({ name: step, classname, file, line, time: seconds(durationMs) });
  if (verdict === 'passed') return `    <testcase${attributes}/>`;
  const element = verdict === 'skipped' ? 'skipped' : verdict === 'errored' ? 'error' : 'failure';
  const diff = outcome.diff ? renderDiff(outcome.diff, { color: false }) : [];
  const detail = [`${file}:${line}: on ${host}:`, outcome.command, ...diff, 'output:', outcome.output].join('\n');
  const body = verdict === 'skipped' ? '' : escapeXml(detail);
  return `    <testcase${attributes}><${element}${attributesOf({ message: reason ?? verdict, type: verdict })}>${body}</${element}></testcase>`;
}

/** A run that went wrong outside of its steps must not look like one without tests. */
function endOfRun(classname: string, run: RunReport): string {
  const { file, verdict } = run;
  const attributes = attributesOf({ name: 'the run itself', classname, file, line: 1, time: seconds(0) });
  return `    <testcase${attributes}><error${attributesOf({ message: endOf(run), type: verdict })}/></testcase>`;
}

function attributesOf(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`)
    .join('');
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return visible(text).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
