import { createSurrogateDecoder, encodeSurrogateText, type SurrogateDecoder } from '../surrogate-text.ts';

/** How a Windows console's programs write text as bytes. */
export type CodePage = {
  readonly number: number;
  /** The bytes of a text; undefined when it has characters that the code page has not. */
  encode(text: string): Buffer | undefined;
  /** Text from bytes that come in chunks; bytes that mean nothing become lone surrogates U+DC80…U+DCFF. */
  decoder(): SurrogateDecoder;
};

/** A code page by its number. Beyond ASCII 932 and 65001 (UTF-8) are known; of others only ASCII is taken for text. */
export function codePage(number: number): CodePage {
  if (number === 65001) return { number, encode: (text) => Buffer.from(text), decoder: createSurrogateDecoder };
  const { toText, toBytes } = number === 932 ? japanese() : { toText: new Map(), toBytes: new Map() };
  return { number, encode: (text) => encode(text, toBytes), decoder: () => tableDecoder(toText) };
}

/** Text as a session hands it on, as one piece of bytes in which no character is cut. */
export function decodeAll(page: CodePage, bytes: Buffer): string {
  const decoder = page.decoder();
  return decoder.write(bytes) + decoder.end();
}

export { encodeSurrogateText };

type Table = ReadonlyMap<number, string>;
let table: { readonly toText: Table; readonly toBytes: ReadonlyMap<string, number> } | undefined;

/** Code page 932 as the web's Shift_JIS, which is Windows' (encoding.spec.whatwg.org, index jis0208). */
function japanese(): NonNullable<typeof table> {
  if (table !== undefined) return table;
  const decoder = new TextDecoder('shift_jis');
  const toText = new Map<number, string>();
  const toBytes = new Map<string, number>();
  const note = (code: number, bytes: Uint8Array): void => {
    const char = decoder.decode(bytes);
    if (char.length !== 1 || char === '\ufffd') return;
    toText.set(code, char);
    // Windows itself never writes the rows ED and EE: their characters stand in FA to FC too.
    if (!toBytes.has(char) && (code < 0xed00 || code > 0xeeff)) toBytes.set(char, code);
  };
  for (let byte = 0xa1; byte <= 0xdf; byte++) note(byte, Uint8Array.of(byte));
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    if (!isLead(lead)) continue;
    for (let trail = 0x40; trail <= 0xfc; trail++) note((lead << 8) | trail, Uint8Array.of(lead, trail));
  }
  table = { toText, toBytes };
  return table;
}

function isLead(byte: number): boolean {
  return (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc);
}

function encode(text: string, toBytes: ReadonlyMap<string, number>): Buffer | undefined {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char < '\x80' ? char.charCodeAt(0) : toBytes.get(char);
    if (code === undefined) return undefined;
    if (code > 0xff) bytes.push(code >> 8);
    bytes.push(code & 0xff);
  }
  return Buffer.from(bytes);
}

function tableDecoder(toText: Table): SurrogateDecoder {
  let lead: number | undefined;
  const alone = (byte: number): string =>
    byte < 0x80 ? String.fromCharCode(byte) : (toText.get(byte) ?? String.fromCharCode(0xdc00 + byte));
  return {
    write(bytes) {
      const out: string[] = [];
      for (const byte of bytes) {
        if (lead !== undefined) {
          const char = toText.get((lead << 8) | byte);
          out.push(char ?? alone(lead));
          lead = undefined;
          if (char !== undefined) continue;
        }
        if (toText.size > 0 && isLead(byte)) lead = byte;
        else out.push(alone(byte));
      }
      return out.join('');
    },
    end() {
      const rest = lead === undefined ? '' : alone(lead);
      lead = undefined;
      return rest;
    },
  };
}
