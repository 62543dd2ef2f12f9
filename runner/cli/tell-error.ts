import { LabError, LabFileError } from '../labs/lab-error.ts';
import { DamagedRecord } from '../recorder/damaged-record.ts';
import { LogNotWritten } from '../recorder/run-log.ts';
import { ExecutionError, exitCode, UsageError } from './exit-code.ts';

const mistakes = [UsageError, LabFileError];
const hindrances = [ExecutionError, LabError, DamagedRecord, LogNotWritten];

/** What is said of an error, and the exit code of a call that it ends. */
export function tellError(error: unknown): { readonly message: string; readonly code: number } {
  if (!(error instanceof Error)) return { message: String(error), code: exitCode.errored };
  const isOneOf = (kinds: readonly (abstract new (...args: never) => Error)[]): boolean =>
    kinds.some((kind) => error instanceof kind);
  if (isOneOf(mistakes)) return { message: error.message, code: exitCode.usage };
  // Anything else is our own mistake: the place where it happened is what helps.
  const message = isOneOf(hindrances) ? error.message : (refusedBySystem(error) ?? error.stack ?? error.message);
  return { message, code: exitCode.errored };
}

/** What no program can do anything about: no room, no right, too many files. */
const refusals = [
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'ENOTDIR',
  'EISDIR',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
];

function refusedBySystem(error: NodeJS.ErrnoException): string | undefined {
  const { code = '', syscall, path, message } = error;
  if (syscall === undefined || !refusals.includes(code)) return undefined;
  const what = path === undefined || message.includes(path) ? message : `${message} '${path}'`;
  return `the system refused: ${what}\n    hint: mend that, and begin again`;
}
