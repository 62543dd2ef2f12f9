import { RE2JS } from 're2js';

/** A user's regular expression in RE2, or why it is none. */
export function compilePattern(source: string): RE2JS | string {
  // An open \\Q would swallow what follows it once the pattern is part of a longer one.
  if (source.includes('\\Q')) return '`\\Q` is not allowed';
  try {
    return compiled(source);
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, '');
  }
}

/** The compiled form of a source; throws when it has none. */
export function compiled(source: string): RE2JS {
  let regex = recent.get(source);
  if (regex === undefined) {
    regex = RE2JS.compile(source);
    if (recent.size >= mostKept) recent.delete(recent.keys().next().value ?? '');
    recent.set(source, regex);
  }
  return regex;
}

/** Text as a regular expression that stands for just this text. */
export function quote(text: string): string {
  return RE2JS.quote(text);
}

// A compiled pattern with its automaton takes a quarter of a megabyte, so that 100,000 expected lines cannot each keep one.
const mostKept = 100;
const recent = new Map<string, RE2JS>();
