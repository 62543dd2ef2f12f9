import type { Answer } from './answer.ts';

/** A request without a session. */
export const notLetIn: Answer = {
  status: 401,
  english: {
    title: 'This browser is not let in yet',
    text: 'Open the address that `npm start` printed in its terminal. It lets one browser in, once; press Enter there for another one.',
    link: 'This browser was let in already: open the page again',
  },
  japanese: {
    title: 'このブラウザはまだ許可されていません',
    text: '端末で `npm start` が表示したアドレスを開いてください。アドレスは一度だけ使えます。端末で Enter キーを押すと新しいアドレスが表示されます。',
    link: 'すでに許可されたブラウザなら、ページを開き直す',
  },
};

/** An entry address whose token let somebody in before, or was replaced by a newer one. */
export const entryUsed: Answer = {
  status: 403,
  english: {
    title: 'This address was used already',
    text: 'Each entry address works once, and only the newest one. Press Enter in the terminal where `npm start` runs: it prints a new one. If you did not use it yourself, somebody else did: end the runner with Ctrl-C.',
  },
  japanese: {
    title: 'このアドレスはすでに使われています',
    text: 'アドレスは一度だけ、最新のものだけが使えます。`npm start` を実行している端末で Enter キーを押すと、新しいアドレスが表示されます。自分で使った覚えがなければ、ほかの誰かが使っています。Ctrl-C で終了してください。',
  },
};

/** An entry address that this launch of the runner never printed. */
export const entryUnknown: Answer = {
  status: 403,
  english: {
    title: 'This address is not known',
    text: 'It is not one that this runner printed; perhaps it is from an earlier start. Press Enter in the terminal where `npm start` runs: it prints a new one.',
  },
  japanese: {
    title: 'このアドレスは無効です',
    text: '実行中の runner が表示したアドレスではありません（以前に起動したときのものかもしれません）。`npm start` を実行している端末で Enter キーを押すと、新しいアドレスが表示されます。',
  },
};

/** A guess at what the reader may open later must not use up the entry address. */
export const notInAdvance = plain(
  503,
  'Not in advance',
  'This address works once and is not loaded in advance. Open it.',
  '先読みはできません',
  'このアドレスは一度しか使えません。開いてください。',
);

/** Lets the browser in: the page goes on by itself, since a redirect of another site's link would come without the cookie. */
export function letIn(onward: string, cookie: string): Answer {
  return {
    status: 200,
    headers: { 'Set-Cookie': cookie },
    onward,
    english: { title: 'Welcome', text: 'This browser is let in.', link: 'Go on' },
    japanese: { title: 'ようこそ', text: 'このブラウザは許可されました。', link: '進む' },
  };
}

/** DNS rebinding, or a name that somebody gave this machine. */
export const wrongHost = plain(
  403,
  'Not under this name',
  'The runner answers only as 127.0.0.1 and localhost with its own port. Open the address that `npm start` printed.',
  'この名前では開けません',
  '127.0.0.1 または localhost と正しいポート番号で開いてください。アドレスは `npm start` が表示しています。',
);

/** A request that another page made. */
export const wrongOrigin = plain(
  403,
  'Not from another page',
  'Another site asked for this. The runner answers only its own pages.',
  'ほかのページからは使えません',
  'ほかのサイトからの要求です。runner は自分のページにだけ応答します。',
);

export const wrongMethod: Answer = {
  ...plain(
    405,
    'Only GET and HEAD',
    'The runner serves pages; it takes nothing here.',
    'GET と HEAD だけです',
    'ここでは何も受け取りません。',
  ),
  headers: { Allow: 'GET, HEAD', Connection: 'close' },
};

export const badRequest: Answer = {
  ...plain(
    400,
    'Not understood',
    'This request is malformed.',
    '要求が正しくありません',
    '要求の形式が正しくありません。',
  ),
  headers: { Connection: 'close' },
};

export const wrongExpectation = plain(
  417,
  'Not expected',
  'The runner knows no such expectation.',
  '対応していません',
  'この Expect には対応していません。',
);

export const notFound = plain(404, 'Not found', 'There is nothing here.', '見つかりません', 'ここには何もありません。');

export const upgradeNeeded: Answer = {
  ...plain(
    426,
    'A WebSocket',
    'This address is for the page’s WebSocket.',
    'WebSocket 専用です',
    'このアドレスは WebSocket 用です。',
  ),
  headers: { Upgrade: 'websocket', Connection: 'close' },
};

export const tooManySockets = plain(
  503,
  'Too many pages',
  'Too many pages are connected. Close some and reload.',
  'ページが多すぎます',
  '接続しているページが多すぎます。いくつか閉じてから再読み込みしてください。',
);

/** The answer to something that did not even become a request. */
export function malformed(code: string | undefined): Answer {
  if (code === 'HPE_HEADER_OVERFLOW')
    return plain(
      431,
      'Too long',
      'The head of this request is too long.',
      '長すぎます',
      '要求のヘッダーが長すぎます。',
    );
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return plain(
      408,
      'Too slow',
      'The request did not come in time.',
      '遅すぎます',
      '要求が時間内に届きませんでした。',
    );
  return badRequest;
}

function plain(status: number, title: string, text: string, titleJa: string, textJa: string): Answer {
  return { status, english: { title, text }, japanese: { title: titleJa, text: textJa } };
}
