import type { TopologyWords } from './words.ts';

const list = (hosts: readonly string[]): string => hosts.join('、');
const are = (hosts: readonly string[], what: string): string => (hosts.length === 0 ? '' : `${list(hosts)} は${what}`);

/** The words in Japanese. */
export const japanese: TopologyWords = {
  title: '各サーバーの状態',
  asText: '文字で表示',
  itself: 'PostgreSQL',
  pool: 'Pgpool-II',
  views: { primary: 'プライマリ', standby: 'スタンバイ', down: '停止', unknown: '応答なし' },
  says: { primary: 'プライマリ', standby: 'スタンバイ', down: '停止' },
  noWord: '–',
  differ: '食い違い',
  states: { streaming: '配信中', catchup: '追い付き中', startup: '開始中', backup: 'バックアップ中' },
  lag: (lag) => `遅延 ${lag}`,
  columns: {
    host: 'ホスト',
    own: 'PostgreSQL 自身',
    follows: '複製元',
    pool: (host) => `${host} の Pgpool-II`,
  },
  timeline: (number) => `タイムライン ${number}`,
  follows: (host, state, lag) => [`${host}: ${state}`, lag].filter((part) => part !== '').join('、'),
  followsNobody: 'なし',
  summary: ({ primary, standby, down, unknown }) =>
    `${[
      primary.length === 0 ? 'プライマリがありません' : are(primary, 'プライマリ'),
      are(standby, 'スタンバイ'),
      are(down, '停止'),
      are(unknown, '応答なし'),
    ]
      .filter((part) => part !== '')
      .join('、')}。`,
  poolAgrees: (pool) => `${pool} の Pgpool-II の見方も同じです。`,
  poolSilent: (pool, why) => `${pool} の Pgpool-II から応答がありません: ${why}`,
  poolDown: (pool, why) => `${pool} の Pgpool-II は停止しています: ${why}`,
  disagreement: (about) => {
    switch (about.kind) {
      case 'role':
        return `Pgpool-II は ${about.host} を${japanese.says[about.says] ?? about.says}と見ていますが、PostgreSQL 自身は${japanese.views[about.is]}です。`;
      case 'taken-for-down':
        return `Pgpool-II は ${about.host} を停止と見ていますが、PostgreSQL は動いています。`;
      case 'taken-for-up':
        return `Pgpool-II は ${about.host} を稼働中と見ていますが、PostgreSQL は停止しています。`;
      case 'two-primaries':
        return `${list(about.hosts)} がいずれもプライマリで、それぞれ別々に書き込みを受け付けます。`;
      case 'no-primary':
        return '書き込みを受け付けるサーバーがありません。';
      case 'follows-nobody':
        return `スタンバイの ${about.host} には複製元がありません。`;
    }
  },
  disagree: '食い違い:',
  now: (host, view) => (view === 'unknown' ? `${host} は応答なし` : `${host} が${japanese.views[view]}になりました`),
  poolNow: (pool, host, status, role) =>
    `${pool} の Pgpool-II: ${host} は ${status}、${japanese.says[role] ?? role}になりました`,
  settled: 'Pgpool-II と PostgreSQL の見方が一致しました',
};
