import type { Problem } from '../problem.ts';

/** Makes problems at places in one document. */
export type Report = (line: number, column: number, what: string, hint: string) => void;

/** Collects problems of one file. */
export function reporter(file: string, problems: Problem[]): Report {
  return (line, column, what, hint) => void problems.push({ file, line, column, what, hint });
}
