import { encodeSurrogateText } from './surrogate-text.ts';

/** The inside of `$'…'` for any text without NUL. */
export function ansiQuote(text: string): string {
  if (/^[\n\x20-\x7e]*$/.test(text)) {
    return text.replace(/[\n'\\!]/g, (found) => (found === '\n' ? '\\n' : found === '!' ? '\\x21' : `\\${found}`));
  }
  const parts: string[] = [];
  for (const byte of encodeSurrogateText(text)) parts.push(escaped[byte] ?? '');
  return parts.join('');
}

const escaped = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  if (char === '\n') return '\\n';
  if (char === "'" || char === '\\') return `\\${char}`;
  return byte >= 0x20 && byte < 0x7f && char !== '!' ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
});
