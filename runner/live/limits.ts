/** Bounds of what pages are told and how long is waited for them. */
export type Limits = {
  /** UTF-16 units that are kept of a terminal. */
  readonly kept: number;
  /** UTF-16 units that a page is sent beyond what it has drawn. */
  readonly window: number;
  /** Milliseconds in which a page must draw half a window while others wait for it. */
  readonly patience: number;
  /** Milliseconds that a question waits while no page is there to answer it. */
  readonly unanswered: number;
  /** Milliseconds between two looks at a lab's health. */
  readonly health: number;
};

/** The bounds that hold outside of tests. */
export const usualLimits: Limits = {
  kept: 1024 * 1024,
  window: 256 * 1024,
  patience: 2000,
  unanswered: 60_000,
  health: 5000,
};
