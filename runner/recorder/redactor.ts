import { createTerminalTokens, type TerminalToken } from '../../core/cast/terminal-tokens.ts';
import { createHiding, formsOf, type Mark, replaceBetween } from '../../core/recording/hide-values.ts';

const MASK = '‹secret›';

/** Replaces secret values in text before anything is written or shown. */
export type Redactor = {
  /** A whole text at once. */
  text(value: string): string;
  /** The first `limit` UTF-16 units of a text, with no part of a secret at their end. */
  head(value: string, limit: number): string;
  /** The last `limit` UTF-16 units of a text, with no part of a secret at their beginning. */
  tail(value: string, limit: number): string;
  /** Every string within an outcome or a diff; the shape stays. */
  deep<T>(value: T): T;
  /**
   * For terminal output: `write` holds back what may be the beginning of a secret until it is decided, `end` gives the
   * rest. A secret is hidden also when colours or other sequences stand in the middle of it.
   */
  stream(): RedactedStream;
};

/** Terminal output on its way, without secrets. */
export type RedactedStream = { write(chunk: string): string; end(): string };

/** Makes a redactor for these secret values. Values under four characters are refused: hiding them would hide everything. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const values = [...new Set(secrets.filter((secret) => secret !== ''))].sort((a, b) => b.length - a.length);
  const short = values.find((value) => value.length < 4);
  if (short !== undefined)
    throw new Error('a secret value has fewer than 4 characters and cannot be hidden: choose a longer one');
  const hiding = createHiding(values.map((value) => ({ value, shown: MASK, where: 'anywhere' })));
  if (values.length === 0) return nothingToHide;
  const printed = values.flatMap((value) => [...formsOf({ value, where: 'anywhere' })]);
  const longest = Math.max(...printed.map(({ length }) => length));

  /** Where `held` can be cut: behind the cut begins what may still become a secret, and no secret lies across it. */
  const cutOf = (held: string): number => {
    let cut = held.length;
    for (let length = Math.min(longest - 1, held.length); length > 0; length--) {
      const end = held.slice(-length);
      if (!printed.some((value) => value.length > length && value.startsWith(end))) continue;
      cut = held.length - length;
      break;
    }
    const across = hiding.find(held).find(({ from, to }) => from < cut && to > cut);
    return across?.from ?? cut;
  };

  /** Hides what stands in one piece, also within the sequences themselves. */
  const inOnePiece = (): RedactedStream => {
    let held = '';
    return {
      write(chunk) {
        const all = held + chunk;
        const cut = cutOf(all);
        held = all.slice(cut);
        return hiding.text(all.slice(0, cut));
      },
      end() {
        const rest = hiding.text(held);
        held = '';
        return rest;
      },
    };
  };

  /** Hides what only a reader sees in one piece. */
  const betweenSequences = (): RedactedStream => {
    const tokens = createTerminalTokens();
    let held = '';
    let marks: Mark<string>[] = [];
    const take = (list: readonly TerminalToken[]): void => {
      for (const token of list) {
        if (token.kind === 'text' || token.kind === 'control') held += token.text;
        else marks.push({ offset: held.length, mark: token.text });
      }
    };
    const give = (cut: number): string => {
      const given = held.slice(0, cut);
      const upToCut = marks.filter(({ offset }) => offset <= cut);
      marks = marks.slice(upToCut.length).map(({ offset, mark }) => ({ offset: offset - cut, mark }));
      held = held.slice(cut);
      return [...replaceBetween(given, upToCut, hiding.find(given))]
        .map((part) => (typeof part === 'string' ? part : part.mark))
        .join('');
    };
    return {
      write(chunk) {
        // Nearly all output is, and there is a lot of it.
        if (tokens.isPlain(chunk)) held += chunk;
        else take(tokens.write(chunk));
        return give(cutOf(held));
      },
      end() {
        take(tokens.end());
        return give(held.length);
      },
    };
  };

  return {
    text: hiding.text,
    head(value, limit) {
      if (value.length <= limit) return hiding.text(value).slice(0, limit);
      return inOnePiece()
        .write(value.slice(0, limit + longest))
        .slice(0, limit);
    },
    tail(value, limit) {
      if (value.length <= limit) return hiding.text(value).slice(-limit);
      // At the beginning may stand the end of a secret, which nothing recognises.
      return hiding
        .text(value.slice(-limit - longest))
        .slice(longest)
        .slice(-limit);
    },
    deep: hiding.deep,
    stream() {
      const first = inOnePiece();
      const second = betweenSequences();
      return {
        write: (chunk) => second.write(first.write(chunk)),
        end: () => second.write(first.end()) + second.end(),
      };
    },
  };
}

const nothingToHide: Redactor = {
  text: (value) => value,
  head: (value, limit) => value.slice(0, limit),
  tail: (value, limit) => value.slice(-limit),
  deep: (value) => value,
  stream: () => ({ write: (chunk) => chunk, end: () => '' }),
};
