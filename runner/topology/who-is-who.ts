import type { Lab } from '../labs/lab.ts';

/** Finds which host of a lab others mean by an address, or by a name. */
export type FindHost = (...calls: readonly (string | undefined)[]) => string | undefined;

/** Knows a lab's hosts by their addresses, which are theirs alone, and then by their names. */
export function whoIsWho(lab: Lab): FindHost {
  const known = new Map([
    ...lab.hosts.map((host) => [host, host] as const),
    ...lab.hosts.flatMap((host) => {
      const address = lab.address(host);
      return address === undefined ? [] : [[address, host] as const];
    }),
  ]);
  return (...calls) => {
    for (const call of calls) {
      const host = call === undefined ? undefined : known.get(call);
      if (host !== undefined) return host;
    }
    return undefined;
  };
}
