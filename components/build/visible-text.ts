/** Text in which characters that nobody would see, or that turn what follows around, are shown as pictures or codes. */
export function visible(text: string): string {
  return text.replace(
    /[\0-\x08\x0B-\x1F\x7F-\x9F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/g,
    (character) => {
      const code = character.charCodeAt(0);
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      if (code === 0x7f) return '\u2421';
      return `\\u${code.toString(16).padStart(4, '0')}`;
    },
  );
}
