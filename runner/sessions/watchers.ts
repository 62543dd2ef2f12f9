import type { Piece } from './marks.ts';
import { spoolPieces } from './replay.ts';
import type { SessionFiles, SessionState } from './session-files.ts';
import { ShownText, type TerminalListener } from './shown-text.ts';
import { readTyped, type TypedCommand } from './typed-commands.ts';

/** All who watch a session's terminal. */
export class Watchers {
  readonly #files: SessionFiles;
  readonly #shown = new Map<TerminalListener, ShownText>();
  #gone = false;

  constructor(files: SessionFiles) {
    this.#files = files;
  }

  /** Shows a listener what the spool has, and from then on what comes. */
  add(listener: TerminalListener, state: SessionState): void {
    const shown = new ShownText(listener, readTyped(this.#files), state);
    // It may see more than was read so far; what comes a second time is left out.
    for (const piece of spoolPieces(this.#files)) void shown.take(piece);
    this.#shown.set(listener, shown);
  }

  take(piece: Piece): Promise<void> | undefined {
    const told: Promise<void>[] = [];
    for (const shown of this.#shown.values()) {
      const one = shown.take(piece);
      if (one !== undefined) told.push(one);
    }
    return told.length === 0 ? undefined : Promise.all(told).then(() => undefined);
  }

  typed(command: TypedCommand): void {
    for (const shown of this.#shown.values()) shown.typed(command);
  }

  /** UTF-16 units shown since the terminal began; undefined when nobody watches. */
  units(): number | undefined {
    return this.#shown.values().next().value?.units;
  }

  /** The spool was emptied. */
  restart(): void {
    for (const shown of this.#shown.values()) shown.restart();
  }

  /** The terminal is gone. Told once. */
  gone(why: string): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const listener of this.#shown.keys()) listener.gone(why);
    this.#shown.clear();
  }
}
