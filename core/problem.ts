/** A mistake in a document or a lab file: where it is, what is wrong, and how to mend it. */
export type Problem = {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  readonly what: string;
  readonly hint: string;
};

/** One problem as the two lines that people and editors read: `file:line:column: what` and an indented hint. */
export function formatProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.what}\n    hint: ${problem.hint}`;
}
