/** Something that a person has to mend before anything can start; the program ends with 3 and this message. */
export class CannotGoOn extends Error {}

/** Tells what the set-up does. Standard output belongs to the command that was asked for. @param {string} message */
export function say(message) {
  process.stderr.write(`tejun: ${message}\n`);
}
