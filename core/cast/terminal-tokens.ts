/**
 * A piece of a terminal's input, by ECMA-48 as xterm reads it. `text` is the piece as it came; all of them together are
 * the input, except that a control character within a sequence comes before it, when terminals obey it.
 */
export type TerminalToken =
  | { readonly kind: 'text'; readonly text: string }
  /** One C0 or C1 control, or DEL. */
  | { readonly kind: 'control'; readonly text: string }
  /** `ESC`, intermediates, final. */
  | { readonly kind: 'escape'; readonly text: string; readonly body: string }
  /** `CSI`; `body` is what comes after it, the final included. */
  | { readonly kind: 'csi'; readonly text: string; readonly body: string }
  /** OSC, DCS, APC, PM, SOS, or a title by `ESC k`, terminator included; a long one comes in pieces. */
  | { readonly kind: 'string'; readonly text: string }
  /** A sequence that was broken off. */
  | { readonly kind: 'broken'; readonly text: string };

/** Cuts a terminal's input into tokens, however it comes. `end` gives a sequence that never came to its end. */
export type TerminalTokens = {
  write(chunk: string): TerminalToken[];
  end(): TerminalToken[];
  /** Whether a chunk, written next, would be nothing but text and controls; who needs no more can leave it out. */
  isPlain(chunk: string): boolean;
};

/** Most that a string without a terminator swallows, in UTF-16 units; what comes after that is text again. */
export const stringLimit = 1024 * 1024;
const sequenceLimit = 256;

// Lone surrogates U+DC80…U+DC9F are C1 controls as single bytes: that is how sessions tell what is not UTF-8.
const special = /[\0-\x1f\x7f-\x9f\udc80-\udc9f]/gu;
const begins = /[\x1b\x80-\x9f\udc80-\udc9f]|[\ud800-\udbff]$/u;
const stringEnd = /[\x07\x18\x1a\x1b\x9c\udc9c]/gu;

type State = 'ground' | 'escape' | 'csi' | 'osc' | 'string' | 'osc-escape' | 'string-escape';

const afterEscape: Readonly<Record<string, State>> = {
  '[': 'csi',
  ']': 'osc',
  P: 'string',
  X: 'string',
  '^': 'string',
  _: 'string',
  k: 'string',
};
const afterC1: Readonly<Record<number, State>> = {
  155: 'csi',
  157: 'osc',
  144: 'string',
  152: 'string',
  158: 'string',
  159: 'string',
};

/** Makes a reader of one terminal's input; a new one for each command, so that a broken sequence swallows no other's output. */
export function createTerminalTokens(): TerminalTokens {
  return new Reader();
}

class Reader implements TerminalTokens {
  #state: State = 'ground';
  /** The sequence so far: how it began, and what came after that. */
  #begin = '';
  #body = '';
  /** Length of the string so far; its beginning may be given away already. */
  #length = 0;
  /** Half a character at the end of a chunk. */
  #half = '';
  #tokens: TerminalToken[] = [];

  write(chunk: string): TerminalToken[] {
    const all = this.#half + chunk;
    this.#half = /[\ud800-\udbff]$/.exec(all)?.[0] ?? '';
    return this.#take(this.#half === '' ? all : all.slice(0, -1));
  }

  isPlain(chunk: string): boolean {
    return this.#state === 'ground' && this.#half === '' && !begins.test(chunk);
  }

  end(): TerminalToken[] {
    const tokens = this.#take(this.#half);
    this.#half = '';
    this.#break();
    const rest = this.#tokens;
    this.#tokens = [];
    return [...tokens, ...rest];
  }

  #take(text: string): TerminalToken[] {
    this.#tokens = [];
    for (let at = 0; at < text.length; ) {
      if (this.#state === 'ground') at = this.#ground(text, at);
      else if (this.#state === 'osc' || this.#state === 'string') at = this.#string(text, at);
      else at = this.#sequence(text, at);
    }
    const tokens = this.#tokens;
    this.#tokens = [];
    return tokens;
  }

  #ground(text: string, at: number): number {
    const found = find(special, text, at);
    if (found > at) this.#tokens.push({ kind: 'text', text: text.slice(at, found) });
    if (found < text.length) this.#control(text.charAt(found));
    return found + 1;
  }

  /** A control character where no sequence is open. */
  #control(char: string): void {
    const state = char === '\x1b' ? 'escape' : afterC1[c1(char)];
    if (state === undefined) this.#tokens.push({ kind: 'control', text: char });
    else this.#open(state, char);
  }

  #string(text: string, at: number): number {
    const found = find(stringEnd, text, at);
    const room = Math.max(0, stringLimit - this.#length);
    if (found - at > room) {
      this.#body += text.slice(at, at + room);
      this.#close('string');
      return at + room;
    }
    this.#length += found - at;
    this.#body += text.slice(at, found);
    if (found === text.length) {
      // Given away as it comes: nobody has to keep a whole picture.
      this.#tokens.push({ kind: 'string', text: this.#begin + this.#body });
      this.#begin = '';
      this.#body = '';
      return found;
    }
    const char = text.charAt(found);
    if (char === '\x1b') {
      this.#state = this.#state === 'osc' ? 'osc-escape' : 'string-escape';
    } else if (char === '\x07' && this.#state === 'string') {
      this.#body += char;
      this.#length++;
    } else {
      this.#body += char;
      this.#close('string');
    }
    return found + 1;
  }

  #sequence(text: string, at: number): number {
    const char = text.charAt(at);
    if (this.#state === 'osc-escape' || this.#state === 'string-escape') {
      if (char === '\\') {
        this.#body += '\x1b\\';
        this.#close('string');
        return at + 1;
      }
      this.#close('string');
      this.#open('escape', '\x1b');
      return at;
    }
    const code = char.charCodeAt(0);
    if (char === '\x1b' || char === '\x18' || char === '\x1a' || c1(char) > 0) {
      this.#break();
      this.#control(char);
    } else if (code < 0x20) {
      this.#tokens.push({ kind: 'control', text: char });
    } else if (code > 0x7f || this.#body.length >= sequenceLimit) {
      this.#break();
      return at;
    } else if (code === 0x7f) {
      this.#tokens.push({ kind: 'control', text: char });
    } else if (this.#state === 'csi') {
      this.#body += char;
      if (code >= 0x40) this.#close('csi');
    } else if (this.#body === '' && Object.hasOwn(afterEscape, char)) {
      this.#open(afterEscape[char] ?? 'string', this.#begin + char);
    } else {
      this.#body += char;
      if (code >= 0x30) this.#close('escape');
    }
    return at + 1;
  }

  #open(state: State, begin: string): void {
    this.#state = state;
    this.#begin = begin;
    this.#body = '';
    this.#length = 0;
  }

  #close(kind: 'escape' | 'csi' | 'string' | 'broken'): void {
    const text = this.#begin + this.#body;
    this.#tokens.push({ kind, text, body: this.#body });
    this.#open('ground', '');
  }

  /** What is open ends here without having come to its end. */
  #break(): void {
    if (this.#state.endsWith('-escape')) this.#body += '\x1b';
    if (this.#state !== 'ground') this.#close('broken');
  }
}

function find(what: RegExp, text: string, from: number): number {
  what.lastIndex = from;
  return what.exec(text)?.index ?? text.length;
}

/** The number of a C1 control, as a character or as a single byte; 0 for anything else. */
function c1(char: string): number {
  const code = char.charCodeAt(0);
  const byte = code >= 0xdc80 && code <= 0xdc9f ? code - 0xdc00 : code;
  return byte >= 0x80 && byte <= 0x9f ? byte : 0;
}
