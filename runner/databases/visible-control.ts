/** A character as psql shows it in a table: one that is a terminal's command, by its number. */
export function visibleControl(character: string): string {
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  return code >= 0x80 && code < 0xa0 ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}` : character;
}

/** A line of text with its control characters made visible; a tab stays. */
export function visibleControls(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, visibleControl);
}
