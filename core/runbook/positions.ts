import type { Problem } from '../problem.ts';

/** Makes problems at places in one document. */
export type Report = (line: number, column: number, what: string, hint: string) => void;

/** Makes problems in a document that the page shows; undefined: in the page itself. */
export type Reports = (file: string | undefined) => Report;

/** A line for a message in a file: `line 5`, or `line 5 of _steps.mdx` for another one. */
export function tellLine(
  { file, line }: { readonly file: string | undefined; readonly line: number },
  seenFrom: { readonly file: string | undefined },
): string {
  if (file === seenFrom.file) return `line ${line}`;
  return `line ${line} of ${file ?? 'the page'}`;
}

/** Collects problems of one file. */
export function reporter(file: string, problems: Problem[]): Report {
  return (line, column, what, hint) => void problems.push({ file, line, column, what, hint });
}
