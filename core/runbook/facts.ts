import type { Facts } from './model.ts';

/** Facts as they are written on a command line: `pg=18`. */
export function tellFacts(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
