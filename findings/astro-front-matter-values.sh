#!/usr/bin/env bash
# js-yaml 4.3.2, by which Astro 7.3 reads front matter, and yaml 2.9.1: the same valid front matter, other values.
#
# yaml follows YAML 1.2's core schema. js-yaml 4, though its notes speak of YAML 1.2, has timestamps, merge keys and binary
# integers besides, as YAML 1.1 had. So `date: 2026-12-01` is a Date for the page and text for whoever else reads the file,
# `<<` is merged by the one and a key for the other, `0b11` is a number or text. The other way round, a tag that nobody
# declares is an error for js-yaml and a warning for yaml.
# Seen on 2026-12-01; fails when that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund js-yaml@4.3.2 yaml@2.9.1 >/dev/null
cat >look.mjs <<'JS'
import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { parse } from 'yaml';

const read = (how, text) => {
  try {
    const { value } = how(text);
    return value instanceof Date ? `Date ${value.toISOString()}` : JSON.stringify(value);
  } catch {
    return 'an error';
  }
};
const expected = {
  'value: 2026-12-01': ['Date 2026-12-01T00:00:00.000Z', '"2026-12-01"'],
  'value: 0b11': ['3', '"0b11"'],
  'value: {a: 1, <<: {b: 2}}': ['{"a":1,"b":2}', '{"a":1,"<<":{"b":2}}'],
  'value: !foo bar': ['an error', '"bar"'],
};
for (const [text, [astro, other]] of Object.entries(expected)) {
  const seen = [read(load, text), read((source) => parse(source, { logLevel: 'silent' }), text)];
  console.log(`${text.padEnd(28)} js-yaml: ${seen[0].padEnd(32)} yaml: ${seen[1]}`);
  assert.deepEqual(seen, [astro, other]);
}
JS
node look.mjs
