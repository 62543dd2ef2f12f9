import { InvalidArgumentError, Option } from 'commander';
import type { Facts } from '../../core/runbook/model.ts';

/** The option `--fact pg=18`, which may be given more than once; its value is all of them. */
export function factOption(): Option {
  return new Option('--fact <name=value>', 'what the lab is to be, of what its file offers, such as pg=18')
    .argParser(addFact)
    .default({} satisfies Facts, 'what comes first there');
}

function addFact(option: string, before: Facts): Facts {
  const [, name, value] = /^([a-z]\w*)=(.+)$/.exec(option) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('write it like pg=18');
  if (Object.hasOwn(before, name) && before[name] !== value)
    throw new InvalidArgumentError(`${name} can be one thing at a time; it is ${before[name]} already`);
  return { ...before, [name]: value };
}
