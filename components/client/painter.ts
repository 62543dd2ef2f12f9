/**
 * Paints changes at most ten times a second, in an animation frame; a hidden page paints when it is seen again.
 * `paint` gives back whether something is left, which is painted in the frame that follows.
 */
export class Painter {
  readonly #paint: () => boolean;
  #last = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame: number | undefined;

  constructor(paint: () => boolean) {
    this.#paint = paint;
  }

  /** Paints soon. */
  request(): void {
    if (this.#timer !== undefined || this.#frame !== undefined) return;
    const wait = Math.max(0, this.#last + 100 - performance.now());
    const frame = (): void => {
      this.#timer = undefined;
      this.#frame = requestAnimationFrame(() => {
        this.#frame = undefined;
        this.#last = performance.now();
        if (this.#paint()) {
          this.#last = Number.NEGATIVE_INFINITY;
          this.request();
        }
      });
    };
    if (wait === 0) frame();
    else this.#timer = setTimeout(frame, wait);
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }
}
