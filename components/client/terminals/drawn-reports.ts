/** Reports how far a terminal is drawn, seldom enough to cost nothing and often enough that output never waits for it. */
export class DrawnReports {
  readonly #report: (offset: number) => void;
  #offset = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(report: (offset: number) => void) {
    this.#report = report;
  }

  drawn(offset: number): void {
    this.#offset = offset;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#report(this.#offset);
    }, 20);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
