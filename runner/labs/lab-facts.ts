import { tellFacts } from '../../core/runbook/facts.ts';
import type { Facts } from '../../core/runbook/model.ts';
import { LabFileError } from './lab-error.ts';

/** What a lab can be: facts that are chosen when it comes up, each with its values; the first is taken when none is asked for. */
export type OfferedFacts = Readonly<Record<string, readonly string[]>>;

/** What a lab is to be: what is asked for, the rest by default. Throws when the lab does not offer it. */
export function chooseFacts(lab: string, offered: OfferedFacts, asked: Facts): Facts {
  for (const [name, value] of Object.entries(asked)) {
    if (Object.hasOwn(offered, name) && offered[name]?.includes(value)) continue;
    const known = Object.entries(offered).flatMap(([fact, values]) => values.map((each) => `${fact}=${each}`));
    const hint = known.length === 0 ? 'it has no `facts` in its lab file' : `it offers ${known.join(', ')}`;
    throw new LabFileError(`the lab ${lab} does not offer ${name}=${value}\n    hint: ${hint}`);
  }
  const values = Object.entries(offered).map(([name, [first = '']]) => [name, asked[name] ?? first]);
  return Object.fromEntries(values);
}

/** All that a lab can be, what it is by default first; a lab that offers nothing can be one thing. */
export function everyChoice(offered: OfferedFacts): readonly Facts[] {
  return Object.entries(offered).reduce<readonly Facts[]>(
    (choices, [name, values]) => choices.flatMap((choice) => values.map((value) => ({ ...choice, [name]: value }))),
    [{}],
  );
}

/** Those of some facts that are otherwise than asked for, as `pg=15`; empty: none. */
export function differing(facts: Facts, asked: Facts): string {
  return tellFacts(
    Object.fromEntries(Object.entries(facts).filter(([name, value]) => (asked[name] ?? value) !== value)),
  );
}
