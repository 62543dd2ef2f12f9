/** Which statement of which command of its session. */
export type StatementNumber = { readonly sequence: number; readonly index: number };

const mostStatements = 100_000;

/** A statement's number as the shell has it; odd where the statement is one program, after whose failure nothing comes. */
export function packNumber({ sequence, index }: StatementNumber, single: boolean): number {
  return (sequence * mostStatements + index) * 2 + (single ? 1 : 0);
}

function unpackNumber(packed: number): StatementNumber {
  const number = Math.floor(packed / 2);
  return { sequence: Math.floor(number / mostStatements), index: number % mostStatements };
}

/**
 * What a mark of the shell integration says. Marks are OSC 133 (FinalTerm, as terminals know them) with `n=` nonce,
 * `s=` number of a statement, `f=` flags, `p=` exit statuses.
 */
export type Mark =
  /** The prompt is being printed. */
  | { readonly kind: 'prompt' }
  /** It takes keys; `flags` tell how the next statement is to be typed. */
  | { readonly kind: 'ready'; readonly flags: string; readonly pipe: string }
  /** A line was taken; its output starts. */
  | { readonly kind: 'began' }
  /** The first command that failed ends its statement: bash prints a line end of its own. */
  | ({ readonly kind: 'aborted' } & StatementNumber)
  /** Within a statement something failed of which bash tells its caller nothing. */
  | ({ readonly kind: 'hidden'; readonly code: number } & StatementNumber)
  /** A statement's output is complete. */
  | ({ readonly kind: 'complete' } & StatementNumber)
  | ({ readonly kind: 'ended'; readonly code: number } & StatementNumber);

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
const longest = 192;

/** Makes a splitter that finds the marks whatever the chunking. It keeps at most 192 bytes back. */
export function createMarkSplitter(nonce: string, offset = 0): MarkSplitter {
  const shape = new RegExp(
    `^\\x1b\\]133;([ABCDEFX])(?:;(-?\\d{1,10}))?;n=${nonce}(?:;s=(\\d{1,16}))?(?:;f=([a-z]{0,9});p=([\\d.]{0,60}))?\\x07`,
  );
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
  const [, letter, code, packed, flags, pipe = ''] = found;
  if (letter === 'A') return { kind: 'prompt' };
  if (letter === 'B') return flags === undefined ? undefined : { kind: 'ready', flags, pipe };
  if (letter === 'C') return { kind: 'began' };
  if (packed === undefined) return undefined;
  const number = unpackNumber(Number(packed));
  if (letter === 'E') return { kind: 'aborted', ...number };
  if (letter === 'X') return { kind: 'complete', ...number };
  if (code === undefined) return undefined;
  return { kind: letter === 'F' ? 'hidden' : 'ended', code: Number(code), ...number };
}

/** How many of the last bytes may be the beginning of an introducer. */
function startOfIntroducer(bytes: Buffer, from: number): number {
  for (let count = Math.min(introducer.length - 1, bytes.length - from); count > 0; count--) {
    if (introducer.compare(bytes, bytes.length - count, bytes.length, 0, count) === 0) return count;
  }
  return 0;
}
