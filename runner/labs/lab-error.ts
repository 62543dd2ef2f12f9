import { formatProblem, type Problem } from '../../core/problem.ts';

/** Something about a lab could not be done; the message says what, where, and what to do next. */
export class LabError extends Error {
  override readonly name: string = 'LabError';
}

/** A lab file that is wrong, or a lab that does not exist. */
export class LabFileError extends Error {
  override readonly name: string = 'LabFileError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}
