/** A file of an earlier run that cannot be read; the message names it. Nothing of it is guessed, and it stays as it is. */
export class DamagedRecord extends Error {
  /** `place`: path, and line where there is one; `what`: the kind of file. */
  constructor(place: string, what: string, wrong: string) {
    super(`${place}: this ${what} is damaged: ${wrong}\n    hint: move it away to go on without it; nothing was done`);
  }
}
