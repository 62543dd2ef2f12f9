import type { Facts } from './model.ts';

/** Facts as they are written on a command line: `pg=18`. */
export function tellFacts(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** A lab and what of it was chosen: `windows pg=18`. */
export function tellPlace(lab: string, chosen: Facts): string {
  return [lab, tellFacts(chosen)].filter(Boolean).join(' ');
}
