import type { Problem } from './problem.ts';

/** The text of a file that people write, or the first place at which it is none. */
export type SourceText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'no-text'; readonly problem: Problem };

/**
 * Reads a file's bytes as UTF-8 and nothing else: what is in another encoding would be taken for another text. A byte
 * order mark stays. A string is taken as it is.
 */
export function readSourceText(source: string | Uint8Array, file: string): SourceText {
  if (typeof source === 'string') return { kind: 'text', text: source };
  const units: string[] = [];
  let line = 1;
  let column = 1;
  for (let offset = 0; offset < source.length; ) {
    const size = isShift(source, offset) ? 0 : sizeOfCharacter(source, offset);
    if (size === 0)
      return {
        kind: 'no-text',
        problem: { file, line, column, ...describe(source, offset), hint: hintFor(source, offset) },
      };
    const character = String.fromCodePoint(codePointAt(source, offset, size));
    units.push(character);
    offset += size;
    if (character === '\n' || (character === '\r' && source[offset] !== 0x0a)) {
      line++;
      column = 1;
    } else {
      column += character.length;
    }
  }
  return { kind: 'text', text: units.join('') };
}

/** Bytes of the character at an offset (RFC 3629, table 3-7 of Unicode); 0 when there is none. NUL is no character of a text. */
function sizeOfCharacter(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset] ?? 0;
  if (first < 0x80) return first === 0 ? 0 : 1;
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  const [from, to] = secondByte[first] ?? [0x80, 0xbf];
  for (let at = 1; at < size; at++) {
    const byte = bytes[offset + at] ?? 0;
    if (byte < (at === 1 ? from : 0x80) || byte > (at === 1 ? to : 0xbf)) return 0;
  }
  return size;
}

/** First bytes after which not every second byte may come: too long forms, surrogates, and what is beyond U+10FFFF. */
const secondByte: Readonly<Record<number, readonly [number, number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};

function codePointAt(bytes: Uint8Array, offset: number, size: number): number {
  let point = (bytes[offset] ?? 0) & (size === 1 ? 0x7f : 0xff >> (size + 1));
  for (let at = 1; at < size; at++) point = (point << 6) | ((bytes[offset + at] ?? 0) & 0x3f);
  return point;
}

/** Whether Japanese begins here as in ISO-2022-JP: all its bytes are ASCII, and would be taken for it. */
function isShift(bytes: Uint8Array, offset: number): boolean {
  const [first, dollar, set] = bytes.subarray(offset, offset + 3);
  return first === 0x1b && dollar === 0x24 && (set === 0x40 || set === 0x42 || set === 0x28);
}

function describe(bytes: Uint8Array, offset: number): { readonly what: string } {
  const byte = `the byte 0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')} at offset ${offset}`;
  const mark = utf16Mark(bytes);
  if (mark !== undefined) return { what: `${byte} is no UTF-8: the file is ${mark}` };
  if (isShift(bytes, offset)) return { what: `${byte} begins Japanese in ISO-2022-JP, not in UTF-8` };
  return { what: `${byte} ${bytes[offset] === 0 ? 'is NUL, which no text has' : 'is no UTF-8'}` };
}

function hintFor(bytes: Uint8Array, offset: number): string {
  const wide = utf16Mark(bytes) ?? (bytes.includes(0) ? 'UTF-16LE' : undefined);
  const from = wide ?? (isShift(bytes, offset) ? 'ISO-2022-JP' : 'CP932');
  return `save the file as UTF-8, for example by: iconv -f ${from} -t UTF-8 (CP932, EUC-JP, ISO-8859-1, …: as it was written)`;
}

function utf16Mark([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'UTF-16LE';
  return first === 0xfe && second === 0xff ? 'UTF-16BE' : undefined;
}
