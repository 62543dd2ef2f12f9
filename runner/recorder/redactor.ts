const MASK = '‹secret›';

/** Replaces secret values in text before anything is written or shown. */
export type Redactor = {
  /** A whole text at once. */
  text(value: string): string;
  /** Every string within a JSON-like value; the shape stays. */
  deep<T>(value: T): T;
  /** For a stream: `write` holds back what may be the beginning of a secret until it is decided, `end` gives the rest. */
  stream(): { write(chunk: string): string; end(): string };
};

/** Makes a redactor for these secret values. Values under four characters are refused: hiding them would hide everything. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const values = [...new Set(secrets.filter((secret) => secret !== ''))].sort((a, b) => b.length - a.length);
  const short = values.find((value) => value.length < 4);
  if (short !== undefined)
    throw new Error('a secret value has fewer than 4 characters and cannot be hidden: choose a longer one');
  if (values.length === 0) {
    return {
      text: (value) => value,
      deep: (value) => value,
      stream: () => ({ write: (chunk) => chunk, end: () => '' }),
    };
  }
  const pattern = new RegExp(values.map((value) => value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  const text = (value: string): string => value.replace(pattern, MASK);
  const longest = values[0]?.length ?? 0;

  /** Where `held` can be cut: behind the cut begins what may still become a secret, and no secret lies across it. */
  const cutOf = (held: string): number => {
    let cut = held.length;
    for (let length = Math.min(longest - 1, held.length); length > 0; length--) {
      const end = held.slice(-length);
      if (!values.some((value) => value.length > length && value.startsWith(end))) continue;
      cut = held.length - length;
      break;
    }
    for (const match of held.matchAll(pattern)) {
      if (match.index < cut && match.index + match[0].length > cut) return match.index;
    }
    return cut;
  };

  return {
    text,
    deep: <T>(value: T): T => redactDeep(value, text) as T,
    stream() {
      let held = '';
      return {
        write(chunk) {
          const all = held + chunk;
          const cut = cutOf(all);
          held = all.slice(cut);
          return text(all.slice(0, cut));
        },
        end() {
          const rest = text(held);
          held = '';
          return rest;
        },
      };
    },
  };
}

function redactDeep(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, text));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, text)]));
}
