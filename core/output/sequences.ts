/** Most of one string to the terminal, in UTF-16 units, that is taken for one; a longer one is text. */
const stringLimit = 1024 * 1024;

const string = '[^\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f]*';
const complete = [
  '\\[[0-?]{0,256}[ -/]{0,8}[@-~]', // CSI
  '[ -/]{1,4}[0-~]', // character sets and the like
  '[0-OQ-WYZ\\\\`a-~]', // two characters
  `(?:\\][0-9]{1,6}(?:;${string})?|[P_]${string})(?:\\x07|\\x1b\\\\)`, // OSC, DCS, APC
].join('|');
const begun = [
  '\\[[0-?]{0,256}[ -/]{0,8}',
  '[ -/]{0,4}',
  `(?:\\](?:[0-9]{0,6}|[0-9]{1,6};${string})|[P_]${string})\\x1b?`,
].join('|');

/** C0 controls that a terminal swallows without a trace, DEL and C1, and every ESC; SI only ends what SO began. */
const special = /[\x00-\x06\x0e\x10-\x17\x19\x1b-\x1f\x7f-\x9f]/;
const sequences = new RegExp(`\\x1b(?:(${complete}))|[\\x00-\\x06\\x0e\\x10-\\x17\\x19\\x1b-\\x1f\\x7f-\\x9f]`, 'g');
const unfinished = new RegExp(`\\x1b(?:${begun})?$`);
const insideString = /^\x1b(?:\][0-9]{1,6};|[P_])/;
const isString = /^\x1b[\]P_]/;
const stringEnd = /(?:\x07|\x1b\\?)$/;

/**
 * Lets a terminal have whole sequences only. What would hide text is text itself: an `ESC` whose sequence does not come to its
 * end on the same line, C1 controls, and controls that draw nothing. They go as marks, which `restoreControls` turns back,
 * so that no terminal acts on them. Strings to the terminal (titles, links, images) are taken out.
 */
export class Sequences {
  #carry = '';
  #inString = false;
  #marked = false;

  /** Takes output however it is cut; what may be the beginning of a sequence is kept back. */
  write(chunk: string): string {
    if (this.#carry === '' && !special.test(chunk)) return chunk;
    if (this.#inString && !special.test(chunk) && !/[\x07-\x0d]/.test(chunk)) {
      // A long string costs one look at each character, however many pieces it comes in.
      this.#carry += chunk;
      return this.#carry.length <= stringLimit ? '' : this.#take(this.#carry);
    }
    return this.#take(this.#carry + chunk);
  }

  /** Whether anything given so far may have marks in it. */
  get marked(): boolean {
    return this.#marked;
  }

  /** What is kept back, as text: all that would be seen of it if nothing more came. */
  rest(): string {
    return markControls(this.#carry);
  }

  #take(text: string): string {
    const found = text.includes('\x1b') ? (unfinished.exec(text)?.[0] ?? '') : '';
    const carry = isTooLong(found) ? '' : found;
    this.#carry = carry;
    this.#inString = insideString.test(carry) && !carry.endsWith('\x1b');
    const given = markControls(text.slice(0, text.length - carry.length));
    this.#marked ||= hasMark.test(given);
    return given;
  }
}

/** A line with the controls themselves in place of their marks. */
export function restoreControls(line: string): string {
  return line.replace(marks, (mark) => String.fromCharCode(mark.charCodeAt(0) - markBase));
}

// Lone surrogates of this range stand for nothing else: bytes that are not UTF-8 come as U+DC80 to U+DCFF.
const markBase = 0xde00;
const marks = /[\ude00-\ude9f]/gu;
const hasMark = /[\ude00-\ude9f]/u;

function markControls(text: string): string {
  return text.replace(sequences, (found: string, body: string | undefined) => {
    if (body === undefined) return mark(found);
    if (!isString.test(found)) return found;
    return isTooLong(found) ? mark('\x1b') + body : '';
  });
}

function isTooLong(sequence: string): boolean {
  return isString.test(sequence) && sequence.replace(stringEnd, '').length > stringLimit;
}

function mark(control: string): string {
  return String.fromCharCode(markBase + control.charCodeAt(0));
}
