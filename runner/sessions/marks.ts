/**
 * What a mark of the shell integration says: `prompt` it is being printed, `ready` it takes keys, `began` a command's output starts,
 * `ended` it ended. Marks are OSC 133 (FinalTerm, as terminals know them) with `n=` nonce and `s=` sequence.
 */
export type Mark =
  | { readonly kind: 'prompt' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'began'; readonly sequence: number }
  | { readonly kind: 'ended'; readonly sequence: number; readonly code: number };

/** A stretch of a terminal's bytes, or one of our marks; `at` and `end` are byte offsets in the whole stream. */
export type Piece =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly at: number }
  | { readonly kind: 'mark'; readonly mark: Mark; readonly at: number; readonly end: number };

/** Splits a byte stream at the marks that carry `nonce`; all others are ordinary bytes. `offset`: where the stream starts. */
export type MarkSplitter = {
  push(chunk: Buffer): Piece[];
  /** Forgets what is kept back and goes on at another place of the stream. */
  restart(offset: number): void;
  /** Goes on in the same stream, whose offsets now count from another place. */
  rebase(offset: number): void;
  /** How many bytes are kept back, because they may begin a mark. */
  pending(): number;
};

const introducer = Buffer.from('\x1b]133;');
const longest = 96;

/** Makes a splitter that finds the marks whatever the chunking. It keeps at most 96 bytes back. */
export function createMarkSplitter(nonce: string, offset = 0): MarkSplitter {
  const shape = new RegExp(`^\\x1b\\]133;([ABCD])(?:;(-?\\d{1,10}))?;n=${nonce}(?:;s=(\\d{1,12}))?\\x07`);
  let carry: Buffer = Buffer.alloc(0);
  let position = offset;

  return {
    restart(to) {
      carry = Buffer.alloc(0);
      position = to;
    },
    rebase(to) {
      position = to - carry.length;
    },
    pending: () => carry.length,
    push(chunk) {
      const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
      const pieces: Piece[] = [];
      let from = 0;
      let search = 0;
      let keep = bytes.length;
      for (;;) {
        const at = bytes.indexOf(introducer, search);
        if (at < 0) break;
        const found = shape.exec(bytes.toString('latin1', at, Math.min(at + longest, bytes.length)));
        const mark = found === null ? undefined : readMark(found);
        if (found !== null && mark !== undefined) {
          if (at > from) pieces.push({ kind: 'bytes', bytes: bytes.subarray(from, at), at: position + from });
          from = at + found[0].length;
          pieces.push({ kind: 'mark', mark, at: position + at, end: position + from });
          search = from;
          continue;
        }
        search = at + introducer.length;
        if (bytes.length - at < longest && bytes.indexOf(7, at) < 0) {
          keep = at;
          break;
        }
      }
      if (keep === bytes.length) keep = bytes.length - startOfIntroducer(bytes, from);
      if (keep > from) pieces.push({ kind: 'bytes', bytes: bytes.subarray(from, keep), at: position + from });
      // A copy, because the caller reads into the same buffer again.
      carry = keep < bytes.length ? Buffer.from(bytes.subarray(keep)) : Buffer.alloc(0);
      position += keep;
      return pieces;
    },
  };
}

function readMark(found: RegExpExecArray): Mark | undefined {
  const [, letter, code, sequence] = found;
  if (letter === 'A') return { kind: 'prompt' };
  if (letter === 'B') return { kind: 'ready' };
  if (sequence === undefined) return undefined;
  if (letter === 'C') return { kind: 'began', sequence: Number(sequence) };
  return code === undefined ? undefined : { kind: 'ended', sequence: Number(sequence), code: Number(code) };
}

/** How many of the last bytes may be the beginning of an introducer. */
function startOfIntroducer(bytes: Buffer, from: number): number {
  for (let count = Math.min(introducer.length - 1, bytes.length - from); count > 0; count--) {
    if (introducer.compare(bytes, bytes.length - count, bytes.length, 0, count) === 0) return count;
  }
  return 0;
}
