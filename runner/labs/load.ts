import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../core/runbook/model.ts';
import { checkoutLab } from './checkout-lab.ts';
import type { Lab } from './lab.ts';
import { chooseFacts } from './lab-facts.ts';
import { readLabFile } from './lab-file.ts';
import { namespaceLab } from './namespace-lab.ts';
import { serverLab } from './server-lab.ts';

/** The lab of a page that names none. */
export const defaultLab = 'linux';

/** Names of the labs that a checkout declares, one folder `labs/NAME/lab.yaml` each. */
export function listLabs(root: string): readonly string[] {
  const folder = join(root, 'labs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'lab.yaml')))
    .sort();
}

/**
 * The lab of that name in a checkout; its state is below `root/.tejun`. `range`: addresses other than those of the lab
 * file, for who lives in those; none: what the variable TEJUN_LAB_RANGE says. `facts`: what it is to be of what it offers.
 * Throws a `LabFileError`.
 */
export function loadLab(
  name: string,
  { root, range, facts = {} }: { root: string; range?: string | undefined; facts?: Facts | undefined },
): Lab {
  const file = readLabFile(root, name);
  switch (file.driver) {
    case 'namespaces':
      return namespaceLab(name, file, root, { range: range ?? (process.env.TEJUN_LAB_RANGE || undefined), facts });
    case 'checkout':
      chooseFacts(name, {}, facts);
      return checkoutLab(name, file, root);
    case 'servers':
      chooseFacts(name, {}, facts);
      return serverLab(name, file, root);
  }
}
