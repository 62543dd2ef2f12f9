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

/** The host whose facts are those that were chosen, `host` if it is one; undefined: there is none. */
export function hostAsChosen(
  { hosts, chosen }: { readonly hosts: Readonly<Record<string, Facts>>; readonly chosen: Facts },
  host: string | undefined,
): string | undefined {
  const isAsChosen = (name: string): boolean =>
    Object.entries(chosen).every(([fact, value]) => hosts[name]?.[fact] === value);
  return [...(host === undefined ? [] : [host]), ...Object.keys(hosts)].find(isAsChosen);
}

/** Facts as messages have them. */
export type ListedFacts = readonly { readonly fact: string; readonly value: string }[];

/** Lists facts for a message. */
export function listFacts(facts: Facts): { fact: string; value: string }[] {
  return Object.entries(facts).map(([fact, value]) => ({ fact, value }));
}

/** The facts that a message lists. */
export function factsOf(listed: ListedFacts): Facts {
  return Object.fromEntries(listed.map(({ fact, value }) => [fact, value]));
}
