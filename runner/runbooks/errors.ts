/** A mistake in the command line or in a document: ends the program with 2, its message on standard error. */
export class UsageError extends Error {}

/** Something that could not be executed: ends the program with 3, its message on standard error. */
export class ExecutionError extends Error {}
