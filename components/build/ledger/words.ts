import type { FindingStatus } from '../../../core/finding/model.ts';
import type { Locale } from '../book.ts';

/** All words of the ledger beside the claims. */
export type LedgerWords = {
  readonly title: string;
  readonly description: string;
  readonly introduction: readonly string[];
  readonly statuses: Readonly<Record<FindingStatus, string>>;
  readonly meaning: Readonly<Record<FindingStatus, string>>;
  readonly section: (section: string) => string;
  readonly open: (systems: readonly string[]) => string;
  readonly noSteps: string;
  readonly otherwise: string;
  readonly steps: string;
  readonly newest: (date: string) => string;
  readonly credit: string;
};

const systems: Readonly<Record<string, string>> = { linux: 'Linux', windows: 'Windows' };
const nameOf = (system: string): string => systems[system] ?? system;

const en: LedgerWords = {
  title: 'Findings',
  description: 'What the 2017 survey found, and what came when its steps were run again: computed from recordings.',
  introduction: [
    'The survey ends its chapters with what it found. Here is each of these findings, with the steps of this book that check it, and how it stands today.',
    'Nobody has written down how it stands. It is computed from the recordings whenever this site is built, and only steps that passed as they are now count: one that failed, or was edited since it ran, takes the finding back to "not confirmed".',
  ],
  statuses: {
    reproduced: 'reproduced',
    changed: 'changed since',
    partly: 'reproduced in part',
    'not-confirmed': 'not confirmed',
    reported: 'reported only',
  },
  meaning: {
    reproduced: 'steps ran on what the finding is about, and saw the same',
    changed: 'steps show that it is otherwise today',
    partly: 'seen again, but not on every system that the finding is about',
    'not-confirmed': 'a step that checks it did not pass, was edited since, or was never run',
    reported: 'what the survey says; nothing here has checked it',
  },
  section: (section) => `section ${section}`,
  open: (all) => `Not seen again on ${all.map(nameOf).join(' and ')} so far.`,
  noSteps: 'No step was run that checks it.',
  otherwise: 'otherwise today',
  steps: 'Steps that check it',
  newest: (date) => `The newest recording is of ${date}.`,
  credit:
    'Findings of the WG3 activity report 2017, "Windows environment survey", PostgreSQL Enterprise Consortium (PGECons), CC-BY, April 2018, in our own words.',
};

const ja: LedgerWords = {
  title: '所見一覧',
  description: '2017年度の調査で分かったことと、その手順を今日実行し直した結果。記録から算出しています。',
  introduction: [
    '調査報告の各章にまとめられた所見を一つずつ挙げ、それを確かめる手順と、現在の状態を示します。',
    '状態は人が書いたものではありません。サイトを作るたびに記録から算出します。数えるのは、現在の内容のまま成功した手順だけです。失敗した手順や、実行後に書き換えられた手順が一つでもあれば「未確認」に戻ります。',
  ],
  statuses: {
    reproduced: '再現',
    changed: '現在は異なる',
    partly: '一部再現',
    'not-confirmed': '未確認',
    reported: '報告のみ',
  },
  meaning: {
    reproduced: '所見の対象で手順を実行し、同じ結果を得た',
    changed: '現在は異なることを手順が示している',
    partly: '同じ結果を得たが、対象のシステムすべてではない',
    'not-confirmed': '確かめる手順が成功していない、実行後に書き換えられた、または未実行',
    reported: '報告の記述。ここではまだ何も確かめていない',
  },
  section: (section) => `${section} 節`,
  open: (all) => `${all.map(nameOf).join('、')} ではまだ再現していません。`,
  noSteps: '確かめる手順はまだ実行されていません。',
  otherwise: '現在は異なる',
  steps: '確かめる手順',
  newest: (date) => `最新の記録は ${date} のものです。`,
  credit:
    '2017年度WG3活動報告書 Windows環境調査編（PostgreSQLエンタープライズ・コンソーシアム、CC-BY、2018年4月）の所見を、私たちの言葉でまとめたものです。',
};

/** The ledger's words in a language. */
export function ledgerWords(locale: Locale): LedgerWords {
  return locale === 'ja' ? ja : en;
}
