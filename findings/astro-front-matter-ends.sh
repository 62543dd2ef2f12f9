#!/usr/bin/env bash
# @astrojs/internal-helpers 0.11.0 (which Astro 7.3 uses for .md and .mdx): where front matter begins and ends.
#
# Other tools, such as micromark-extension-frontmatter 2.0.0, end it at a line that is the fence and nothing else. Astro ends
# it at any line that only begins with a fence, of either kind. So
# - `--- of the day` within a block scalar ends it, and what comes after it is text of the page;
# - what is opened by `---` may be closed by `+++`: it is read as YAML, and stays in the page's text besides;
# - blank lines may stand before it.
# Source: `frontmatterRE` in its dist/frontmatter.js. Seen on 2026-12-01; fails when that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @astrojs/internal-helpers@0.11.0 micromark@4.0.2 micromark-extension-frontmatter@2.0.0 >/dev/null
cat >look.mjs <<'JS'
import assert from 'node:assert/strict';
import { parseFrontmatter } from '@astrojs/internal-helpers/frontmatter';
import { micromark } from 'micromark';
import { frontmatter, frontmatterHtml } from 'micromark-extension-frontmatter';

const pages = {
  'a scalar with such a line': '---\ntext: |\n  first\n--- of the day\nmore: 1\n---\nbody\n',
  'another closing fence': '---\ntitle: a\n+++\nbody\n',
  'a blank line before it': '\n---\ntitle: a\n---\nbody\n',
};
const seen = Object.entries(pages).map(([name, page]) => {
  const { frontmatter: data, content } = parseFrontmatter(page);
  const html = micromark(page, { extensions: [frontmatter(['yaml', 'toml'])], htmlExtensions: [frontmatterHtml(['yaml', 'toml'])] });
  console.log(name);
  console.log('  Astro:     ', JSON.stringify(data), JSON.stringify(content));
  console.log('  micromark: ', JSON.stringify(html));
  return [name, data, content, html];
});
assert.deepEqual(seen, [
  ['a scalar with such a line', { text: 'first\n' }, ' of the day\nmore: 1\n---\nbody\n', '<p>body</p>\n'],
  ['another closing fence', { title: 'a' }, '---\ntitle: a\n+++\nbody\n', '<hr />\n<p>title: a\n+++\nbody</p>\n'],
  ['a blank line before it', { title: 'a' }, '\n\nbody\n', '<hr />\n<h2>title: a</h2>\n<p>body</p>\n'],
]);
JS
node look.mjs
