/** What a recording says of itself. Format: asciicast v3, https://docs.asciinema.org/manual/asciicast/v3/ */
export type CastHeader = {
  readonly columns: number;
  readonly rows: number;
  /** As in `TERM`. */
  readonly terminal?: string;
  /** Unix time of the beginning, whole seconds. */
  readonly timestamp?: number;
  /** Seconds that a player cuts longer silences to. */
  readonly idleTimeLimit?: number;
  readonly command?: string;
  readonly title?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
};

/** Something that happened in a recorded terminal. `at` is milliseconds since the recording began. */
export type CastEvent = { readonly at: number } & (
  | { readonly kind: 'output'; readonly data: string }
  | { readonly kind: 'input'; readonly data: string }
  /** A place to jump to; Tejun puts one with the step's id where a step begins. */
  | { readonly kind: 'marker'; readonly label: string }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'exit'; readonly code: number }
  /** An event with a code that this version does not know; passed through, as the format asks. */
  | { readonly kind: 'other'; readonly code: string; readonly data: string }
);
