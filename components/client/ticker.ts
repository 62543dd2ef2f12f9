/** Calls what is registered once a second, and nothing when nothing is. */
export class Ticker {
  readonly #ticks = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  set(tick: () => void, on: boolean): void {
    if (on) this.#ticks.add(tick);
    else this.#ticks.delete(tick);
    if (this.#ticks.size === 0) this.close();
    else
      this.#timer ??= setInterval(() => {
        for (const each of this.#ticks) each();
      }, 1000);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
