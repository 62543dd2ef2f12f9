/** Something about a lab could not be done; the message says what, where, and what to do next. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
