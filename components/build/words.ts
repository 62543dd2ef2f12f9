import type { CommandEnd, Verdict } from '../../core/run/model.ts';
import type { Locale } from './book.ts';

/** How a step stands, as a reader is told. */
export type State = Verdict | 'stale' | 'missing' | 'elsewhere';

/** All words that the built pages say themselves. */
export type Words = {
  readonly states: Readonly<Record<State, string>>;
  /** What a recording says in front of system, lab and date. */
  readonly recorded: Readonly<Record<Exclude<State, 'missing'>, string>>;
  readonly stale: string;
  readonly missing: (lab: string) => string;
  /** Mark of what only the report measured. */
  readonly reported: string;
  readonly danger: string;
  readonly expected: { readonly text: string; readonly table: string; readonly json: string };
  readonly rows: { readonly exact: string; readonly 'any-order': string; readonly contains: string };
  readonly asExpected: string;
  readonly nothing: string;
  readonly output: string;
  readonly noOutput: string;
  readonly difference: string;
  readonly more: (lines: number) => string;
  readonly cut: (lines: number) => string;
  readonly elided: (lines: number) => string;
  readonly misplaced: (line: number) => string;
  readonly ranAs: string;
  readonly hints: string;
  readonly missingLine: (line: string) => string;
  readonly until: (duration: string) => string;
  readonly exit: (codes: string) => string;
  readonly anyExit: string;
  readonly background: string;
  readonly cleanup: string;
  readonly finding: (id: string) => string;
  readonly attempts: (count: number) => string;
  readonly end: (end: CommandEnd) => string | undefined;
  readonly replay: string;
  readonly playAll: string;
  /** With which other versions than the recording's a step passed. */
  readonly also: (versions: string) => string;
  readonly part: (passed: number, all: number) => string;
  readonly summary: (passed: number, all: number) => string;
  readonly counts: Readonly<Record<Exclude<State, 'passed'>, (count: number) => string>>;
  readonly neverRun: (steps: number) => string;
};

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const en: Words = {
  states: {
    passed: 'verified',
    failed: 'failed',
    errored: 'could not be executed',
    'timed-out': 'timed out',
    skipped: 'skipped',
    stale: 'stale',
    missing: 'not yet run',
    elsewhere: 'not for this lab',
  },
  recorded: {
    passed: 'verified on',
    failed: 'failed on',
    errored: 'could not be executed on',
    'timed-out': 'timed out on',
    skipped: 'skipped on',
    stale: 'stale, recorded on',
    elsewhere: 'passed over on',
  },
  stale: 'This step was changed after it was recorded. What follows may not be what it does now.',
  missing: (lab) => `not yet run on ${lab}`,
  reported: 'reported 2018, not re-run',
  danger: 'Asks before it runs:',
  expected: { text: 'Expected', table: 'Expected table', json: 'Expected JSON' },
  rows: { exact: '', 'any-order': 'rows in any order', contains: 'among other rows' },
  asExpected: 'Output, exactly as expected',
  nothing: 'No output.',
  output: 'Output',
  noOutput: 'No output came.',
  difference: 'Difference',
  more: (lines) => plural(lines, 'more line', 'more lines'),
  cut: (lines) => `cut here: the output had ${plural(lines, 'line', 'lines')}`,
  elided: (lines) => plural(lines, 'line', 'lines'),
  misplaced: (line) => `came on line ${line}, not here`,
  ranAs: 'Ran as',
  hints: 'If it fails',
  missingLine: (line) => `When “${line}” is missing: `,
  until: (duration) => `repeats for up to ${duration}`,
  exit: (codes) => `exits with ${codes}`,
  anyExit: 'any exit code',
  background: 'goes on in the background',
  cleanup: 'runs even after a failure',
  finding: (id) => `finding ${id}`,
  attempts: (count) => plural(count, 'attempt', 'attempts'),
  end: (end) => {
    if (end.kind === 'exited') return end.code === 0 ? undefined : `exit code ${end.code}`;
    if (end.kind === 'shell-exited') return 'the shell ended';
    if (end.kind === 'stopped') return 'stopped';
    if (end.kind === 'disconnected') return 'connection lost';
    if (end.kind === 'output-lost') return 'output lost';
    return end.kind === 'waits-for-input' ? 'waited for keys' : undefined;
  },
  replay: 'Replay',
  playAll: 'Play the whole run',
  also: (versions) => `also verified on ${versions}`,
  part: (passed, all) => `${passed} of ${all}`,
  summary: (passed, all) => `${passed} of ${plural(all, 'step', 'steps')} verified on`,
  counts: {
    failed: (count) => `${count} failed`,
    errored: (count) => `${count} could not be executed`,
    'timed-out': (count) => `${count} timed out`,
    skipped: (count) => `${count} skipped`,
    stale: (count) => `${count} stale`,
    missing: (count) => `${count} not yet run`,
    elsewhere: (count) => `${count} not for this lab`,
  },
  neverRun: (steps) => `${plural(steps, 'step', 'steps')}, not yet run on any lab.`,
};

const ja: Words = {
  states: {
    passed: '検証済み',
    failed: '不一致',
    errored: '実行できず',
    'timed-out': '時間切れ',
    skipped: '未実施',
    stale: '記録が古い',
    missing: '未実行',
    elsewhere: '対象外',
  },
  recorded: {
    passed: '検証済み:',
    failed: '不一致:',
    errored: '実行できず:',
    'timed-out': '時間切れ:',
    skipped: '未実施:',
    stale: '記録が古い:',
    elsewhere: '対象外:',
  },
  stale: 'この手順は記録の後に変更されました。以下の出力は現在の手順のものとは限りません。',
  missing: (lab) => `${lab} では未実行`,
  reported: '2018 年の報告値（再実行していません）',
  danger: '実行前に確認します:',
  expected: { text: '期待する出力', table: '期待する表', json: '期待する JSON' },
  rows: { exact: '', 'any-order': '行の順序は問わない', contains: '他の行があってもよい' },
  asExpected: '出力（期待どおり）',
  nothing: '出力なし',
  output: '出力',
  noOutput: '何も出力されませんでした。',
  difference: '差分',
  more: (lines) => `残り ${lines} 行`,
  cut: (lines) => `ここで省略（出力は全部で ${lines} 行）`,
  elided: (lines) => `${lines} 行`,
  misplaced: (line) => `ここではなく ${line} 行目に出力されました`,
  ranAs: '実行したコマンド',
  hints: 'うまくいかないとき',
  missingLine: (line) => `「${line}」が出ない場合: `,
  until: (duration) => `最長 ${duration} 繰り返す`,
  exit: (codes) => `終了コード ${codes}`,
  anyExit: '終了コードは問わない',
  background: 'バックグラウンドで継続',
  cleanup: '失敗後にも実行',
  finding: (id) => `所見 ${id}`,
  attempts: (count) => `${count} 回試行`,
  end: (end) => {
    if (end.kind === 'exited') return end.code === 0 ? undefined : `終了コード ${end.code}`;
    if (end.kind === 'shell-exited') return 'シェルが終了';
    if (end.kind === 'stopped') return '中止';
    if (end.kind === 'disconnected') return '接続が切れた';
    if (end.kind === 'output-lost') return '出力が失われた';
    return end.kind === 'waits-for-input' ? 'キー入力待ち' : undefined;
  },
  replay: '再生',
  playAll: '全体を再生',
  also: (versions) => `${versions} でも検証済み`,
  part: (passed, all) => `${all} 手順中 ${passed}`,
  summary: (passed, all) => `全 ${all} 手順中 ${passed} 手順を検証済み:`,
  counts: {
    failed: (count) => `不一致 ${count}`,
    errored: (count) => `実行できず ${count}`,
    'timed-out': (count) => `時間切れ ${count}`,
    skipped: (count) => `未実施 ${count}`,
    stale: (count) => `記録が古い ${count}`,
    missing: (count) => `未実行 ${count}`,
    elsewhere: (count) => `対象外 ${count}`,
  },
  neverRun: (steps) => `全 ${steps} 手順。どのラボでもまだ実行されていません。`,
};

/** The words of a language. */
export function wordsOf(locale: Locale): Words {
  return { en, ja }[locale];
}
