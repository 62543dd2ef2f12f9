import { edits } from '../nearest.ts';
import { durationSource } from './duration-source.ts';
import type { PlaceholderType } from './model.ts';
import { timestampSource } from './timestamp-source.ts';

/** All placeholder types by the name that a page uses; `any` is written `*`. */
export const placeholderTypes = ['timestamp', 'lsn', 'pid', 'int', 'number', 'duration', 'ip', 'path', 'word'] as const;

/**
 * The regular expression of a type without anchors, valid and with the same meaning for V8 and for RE2. Each is written so
 * that a backtracking engine, too, needs time linear in the text when both ends are anchored.
 */
export function typeSource(type: PlaceholderType): string {
  return sources[type];
}

/** Whether a name is that of a type. */
export function isType(name: string): name is (typeof placeholderTypes)[number] {
  return (placeholderTypes as readonly string[]).includes(name);
}

/** Is the whole text a value of the type? */
export function isOfType(type: PlaceholderType, text: string): boolean {
  return type === 'any' || tests[type].test(text);
}

/** The type that a misspelt name most likely means, within two edits. */
export function nearestType(name: string): string | undefined {
  let best: { type: string; distance: number } | undefined;
  for (const type of placeholderTypes) {
    const distance = editDistance(name.toLowerCase(), type);
    if (distance <= Math.min(2, type.length - 1) && (best === undefined || distance < best.distance)) {
      best = { type, distance };
    }
  }
  return best?.type;
}

/** The type of which a bare name is a slip of the keyboard: other case, two letters swapped, one dropped or doubled. */
export function slippedType(name: string): string | undefined {
  const lower = name.toLowerCase();
  return placeholderTypes.find((type) => {
    if (lower === type) return name !== type;
    if (lower.length === type.length) {
      for (let i = 0; i + 1 < type.length; i++) {
        if (type.slice(0, i) + type.charAt(i + 1) + type.charAt(i) + type.slice(i + 2) === lower) return true;
      }
    }
    for (let i = 0; i < type.length; i++) {
      if (type.length >= 4 && type.slice(0, i) + type.slice(i + 1) === lower) return true;
      if (type.slice(0, i + 1) + type.slice(i) === lower) return true;
    }
    return false;
  });
}

// What `\S` is for V8 and for RE2 differs, so whitespace is spelled out.
const space = '\\t\\n\\v\\f\\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const v4 = `${octet}(?:\\.${octet}){3}`;
const hex = '[0-9A-Fa-f]{1,4}';
const v6 = [
  `(?:${hex}:){7}${hex}`,
  `(?:${hex}:){6}${v4}`,
  `::(?:${hex}:){0,5}${v4}`,
  ...[1, 2, 3, 4, 5, 6].map((n) => `(?:${hex}:){1,${n}}(?::${hex}){1,${7 - n}}`),
  `(?:${hex}:){1,7}:`,
  `:(?::${hex}){1,7}`,
  '::',
];
const digits = '(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)';
const pathPiece = `[^${space}"'<>|*?:/\\\\\\x00-\\x1f]`;

const sources: Record<PlaceholderType, string> = {
  timestamp: timestampSource,
  lsn: '(?:[0-9A-F]{1,8}/[0-9A-F]{1,8})',
  pid: '(?:[1-9][0-9]{0,9})',
  int: '(?:[+-]?[0-9]+)',
  number: `(?:[+-]?${digits}(?:[eE][+-]?[0-9]+)?)`,
  duration: durationSource,
  ip: `(?:(?:${v4}|${v6.join('|')})(?:/[0-9]{1,3})?)`,
  path: `(?:[A-Za-z]:[/\\\\][^"<>|*?:\\x00-\\x1f]*|${pathPiece}*(?:[/\\\\]${pathPiece}*)+)`,
  word: `(?:[^${space}]+)`,
  any: '(?:(?s:.*?))',
};

const tests = Object.fromEntries(
  Object.entries(sources)
    .filter(([type]) => type !== 'any')
    .map(([type, source]) => [type, new RegExp(`^${source}$`)]),
) as Record<PlaceholderType, RegExp>;

function editDistance(a: string, b: string): number {
  const last = edits(a, b);
  // A swap of neighbours counts as one slip, not two.
  return last === 2 && [...a].sort().join('') === [...b].sort().join('') ? 1 : last;
}
