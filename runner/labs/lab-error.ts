/** Something about a lab could not be done; the message says what, where, and what to do next. */
export class LabError extends Error {
  override readonly name = 'LabError';
}

/** Thrown for a lab file with mistakes, and for what its lab does not offer; the message lists all of them. */
export class LabFileError extends Error {}
