import { isAscii, isUtf8 } from 'node:buffer';

/** Decodes UTF-8 that comes in chunks; each invalid byte becomes a lone surrogate U+DC80…U+DCFF (PEP 383). */
export type SurrogateDecoder = { write(bytes: Buffer): string; end(): string };

/** Makes a decoder that keeps an incomplete character back until its other bytes come or `end` is called. */
export function createSurrogateDecoder(): SurrogateDecoder {
  let carry: Buffer = Buffer.alloc(0);
  return {
    write(chunk) {
      if (carry.length === 0 && isAscii(chunk)) return chunk.toString('latin1');
      const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
      const whole = bytes.length - incompleteTail(bytes);
      carry = Buffer.from(bytes.subarray(whole));
      return decode(bytes.subarray(0, whole));
    },
    end() {
      const rest = carry;
      carry = Buffer.alloc(0);
      return decode(rest);
    },
  };
}

/** The bytes that such text stands for. */
export function encodeSurrogateText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts = text.split(/([\uDC80-\uDCFF]+)/u);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 0 ? Buffer.from(part) : Buffer.from(Array.from(part, (unit) => unit.charCodeAt(0) - 0xdc00)),
    ),
  );
}

function decode(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeInvalid(bytes);
}

function decodeInvalid(bytes: Buffer): string {
  const units = new Uint16Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    const first = bytes[at] ?? 0;
    if (length === 0) {
      units[count++] = 0xdc00 + first;
      at++;
      continue;
    }
    let point = length === 1 ? first : first & (0x7f >> length);
    for (let index = 1; index < length; index++) point = (point << 6) | ((bytes[at + index] ?? 0) & 0x3f);
    if (point > 0xffff) {
      units[count++] = 0xd7c0 + (point >> 10);
      units[count++] = 0xdc00 + (point & 0x3ff);
    } else {
      units[count++] = point;
    }
    at += length;
  }
  return Buffer.from(units.buffer, 0, count * 2).toString('utf16le');
}

/** Length of the valid character at `at` (Unicode 15, table 3-7); 0 when the byte belongs to none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = expectedLength(first);
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  if (!validSecond(first, second)) return 0;
  for (let index = 2; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function expectedLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

function validSecond(first: number, second: number): boolean {
  if ((second & 0xc0) !== 0x80) return false;
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second <= 0x9f;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second <= 0x8f;
}

/** How many last bytes are a character whose other bytes may still come. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const at = bytes.length - back;
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    if (expectedLength(byte) <= back) return 0;
    return back === 1 || validSecond(byte, bytes[at + 1] ?? 0) ? back : 0;
  }
  return 0;
}
