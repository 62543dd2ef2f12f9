import { literal } from './batch-files.ts';
import type { ShellState } from './shell-state.ts';

/** A line as it stands in a batch file, or why it cannot. */
export type TypedLine =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * The lines of a step in parts that run one after the other: a line that uses a variable begins one, so that its value
 * is known before, and one that appends to a file is one, so that its file can be looked at.
 */
export function partsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    const last = parts.at(-1)?.at(-1);
    const own = /%[^%]+%/.test(line) || appendedBy(line) !== undefined;
    if (last !== undefined && (own || appendedBy(last) !== undefined)) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts;
}

/** The file to which a line appends at its end. */
export function appendedBy(line: string): string | undefined {
  return />>\s*"?([A-Za-z]:\\[^"<>|]*?)"?\s*$/.exec(line)?.[1];
}

/**
 * A line in a batch file means what it means when it is typed: there an unknown %NAME% would vanish, and %i need %%i.
 * A variable whose value would make another command of the line is refused.
 */
export function asTyped(line: string, { environment, directory }: ShellState): TypedLine {
  const known = new Map([...computed, ['CD', directory]]);
  for (const [name, value] of environment) known.set(name.toUpperCase(), value);
  let text = '';
  for (let at = 0; at < line.length; ) {
    const [whole, name] = /^%([^%:=]+)(?::[^%]*)?%/.exec(line.slice(at)) ?? [];
    const value = name === undefined ? undefined : known.get(name.toUpperCase());
    if (whole === undefined || value === undefined) {
      text += literal(line[at] ?? '');
      at++;
      continue;
    }
    const found = joined(line, value, line.slice(0, at), line[at + whole.length] ?? '');
    if (found !== undefined) {
      const why = `\`${line}\` uses ${whole}, whose value has ${found}: cmd would take it for a part of the command`;
      return { kind: 'refused', why };
    }
    text += whole;
    at += whole.length;
  }
  return { kind: 'line', text };
}

/** What cmd computes itself; in the last one is the whole command line. */
const computed = new Map([
  ...['DATE', 'TIME', 'RANDOM', 'ERRORLEVEL', 'CMDEXTVERSION'].map((name) => [name, ''] as const),
  ['CMDCMDLINE', '"'] as const,
]);

/** What in a variable's value would make another command of a line than the one that was looked at. */
function joined(line: string, value: string, before: string, next: string): string | undefined {
  if (value.includes('"')) return 'a quote';
  if (/[\r\n]/.test(value)) return 'a line end';
  // These read the line once more, the other cmd without the quotes.
  if (value.includes('%') && /\b(?:call|cmd)\b/i.test(line)) return 'a %';
  if (before.replaceAll(/"[^"]*"|\^./g, '_').includes('"') && !/\bcmd\b/i.test(line)) return undefined;
  const [operator] = /[&|<>^]/.exec(value) ?? [];
  if (operator !== undefined) return operator;
  const [half] = /[()]/.exec(value) ?? [];
  if (half !== undefined && /[()]/.test(line)) return half;
  return /[<>]/.test(next) && /\d$/.test(value) ? 'a digit before a redirection' : undefined;
}
