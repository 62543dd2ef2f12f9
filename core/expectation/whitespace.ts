/** The line without trailing ASCII whitespace, which never counts; an ideographic space does. */
export function trimLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && isBlankCode(line.charCodeAt(end - 1))) end--;
  return end === line.length ? line : line.slice(0, end);
}

/** The text without ASCII whitespace at both ends. */
export function trimBlanks(text: string): string {
  const ended = trimLineEnd(text);
  let start = 0;
  while (start < ended.length && isBlankCode(ended.charCodeAt(start))) start++;
  return start === 0 ? ended : ended.slice(start);
}

function isBlankCode(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
