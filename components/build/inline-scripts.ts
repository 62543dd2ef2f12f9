import { createHash } from 'node:crypto';

// A script, or something in which what looks like one is none: a comment, another element's attributes.
const script =
  /<(?:script((?:"[^"]*"|'[^']*'|[^"'>])*)>([\s\S]*?)<\/script\s*>|!--[\s\S]*?-->|[a-z/](?:"[^"]*"|'[^']*'|[^"'>])*>)/gi;

/** The texts of the scripts that are written into a page. */
export function inlineScripts(html: string): readonly string[] {
  return [...html.matchAll(script)]
    .filter(([, attributes]) => attributes !== undefined && !/\ssrc\s*=/i.test(attributes))
    .map(([, , text = '']) => text)
    .filter((text) => text.trim() !== '');
}

/** How a Content-Security-Policy names a script that may run. */
export function scriptSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
