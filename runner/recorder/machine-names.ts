import { realpathSync } from 'node:fs';
import { homedir, hostname, networkInterfaces, userInfo } from 'node:os';
import { createHiding, type HiddenValue } from '../../core/recording/hide-values.ts';

/** What the machine that runs a lab is known by. */
export type MachineNames = {
  readonly hosts: readonly string[];
  readonly users: readonly string[];
  readonly homes: readonly string[];
  readonly checkouts: readonly string[];
  readonly addresses: readonly string[];
};

/** The names of this machine and of who works on it; `root` is the checkout. */
export function thisMachine(root: string): MachineNames {
  const user = userInfo();
  const names = [hostname(), process.env.HOSTNAME ?? ''].flatMap((name) => [name, name.split('.')[0] ?? '']);
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return {
    hosts: different(names).filter((name) => name !== 'localhost'),
    users: different([user.username, process.env.USER ?? '', process.env.SUDO_USER ?? '']),
    homes: paths([homedir(), user.homedir]),
    checkouts: paths([root]),
    addresses: different(addresses.flatMap(({ internal, address }) => (internal ? [] : [address]))),
  };
}

/**
 * The values by which a recording would tell on which machine it was made. What the page says itself (`said`: its
 * source) or what the lab is known by (`known`: names of its hosts, their facts) is no secret of the machine's.
 */
export function hiddenNames(
  machine: MachineNames,
  { said, known }: { readonly said: readonly string[]; readonly known: readonly string[] },
): readonly HiddenValue[] {
  const as = (shown: string, where: HiddenValue['where'], values: readonly string[]): readonly HiddenValue[] =>
    values.map((value) => ({ value, shown, where }));
  const all = [
    ...as('‹checkout›', 'path', machine.checkouts),
    ...as('‹home›', 'path', machine.homes),
    ...as('‹host›', 'word', machine.hosts),
    ...as('‹user›', 'word', machine.users),
    ...as('‹address›', 'word', machine.addresses),
  ];
  return all.filter((hidden) => {
    const { find } = createHiding([hidden]);
    return !known.includes(hidden.value) && said.every((text) => find(text).length === 0);
  });
}

function paths(values: readonly string[]): readonly string[] {
  return different(values.flatMap((value) => [value, real(value)])).filter((value) => value !== '/');
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function different(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}
