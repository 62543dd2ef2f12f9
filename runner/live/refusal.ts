/** A request that is not carried out: what is wrong, and how to mend it. `stale`: the page is not what is on disk. */
export class Refusal extends Error {
  readonly hint: string;
  readonly stale: boolean;

  constructor(what: string, hint: string, stale = false) {
    super(what);
    this.hint = hint;
    this.stale = stale;
  }
}

/** Any error as a refusal: one hint at its end is taken out of the message. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const text = error instanceof Error ? error.message : String(error);
  const parts = text.split(/\n\s*hint: /);
  const [what = '', hint = ''] = parts;
  return parts.length === 2 && !hint.includes('\n') ? new Refusal(what, hint) : new Refusal(text, '');
}
