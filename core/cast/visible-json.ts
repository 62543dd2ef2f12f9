/** JSON in which all that cannot be seen is escaped, and what is no character is U+FFFD: for files that people compare. */
export function visibleJson(value: unknown): string {
  const wellFormed = (_key: string, inner: unknown): unknown =>
    typeof inner === 'string' ? inner.replace(/\p{Cs}/gu, '\uFFFD') : inner;
  // Of what is no text, undefined or a function, there is no JSON.
  return (JSON.stringify(value, wellFormed) ?? 'null').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
