import type { Random } from './random.ts';
import type { Trial, Verdict } from './trial.ts';

/** Must the output pass? `refusable`: it is right, but what was printed can be read in two ways, so it may fail. */
export type Answer = 'pass' | 'fail' | 'refusable';

/** One kind of random cases, and an oracle that knows nothing of the product. */
export type Form<Case> = {
  readonly name: string;
  make(random: Random): Case;
  trial(of: Case): Trial;
  oracle(of: Case): Answer;
  /** Simpler cases, the simplest first. */
  simpler(of: Case): Iterable<Case>;
  /** What else is wrong with a case that the product and the oracle agree on. */
  complaint?(of: Case, verdict: Verdict): Promise<string | undefined>;
};
