/** An answer of the server itself, in the two languages of the site. */
export type Answer = {
  readonly status: number;
  readonly english: Words;
  readonly japanese: Words;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the page goes on by itself: a path of this server. */
  readonly onward?: string;
};

type Words = { readonly title: string; readonly text: string; readonly link?: string };

/** The answer as an HTML page that needs no other file. */
export function htmlOf({ english, japanese, onward }: Answer): string {
  // An empty address is the page's own, so nothing that was asked for is repeated in the answer.
  const words = ({ title, text, link }: Words, lang: string): string =>
    `<section lang="${lang}"><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${
      link ? `<p><a href="${escaped(onward ?? '')}">${escaped(link)}</a></p>` : ''
    }</section>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tejun: ${escaped(english.title)}</title>
<meta name="viewport" content="width=device-width">${
    onward ? `\n<meta http-equiv="refresh" content="0;url=${escaped(onward)}">` : ''
  }
<style>:root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:10vh auto;padding:0 1rem}h1{font-size:1.3rem}section+section{margin-top:2.5rem}</style></head>
<body><main>${words(english, 'en')}${words(japanese, 'ja')}</main></body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
