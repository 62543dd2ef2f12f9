import type { HiddenValue } from '../../core/recording/hide-values.ts';
import type { RunEvent } from '../../core/run/model.ts';
import type { Facts, Runbook } from '../../core/runbook/model.ts';
import { loadLab } from '../labs/load.ts';
import { hiddenNames, thisMachine } from '../recorder/machine-names.ts';

/** A run about to be published. */
export type PublishedRun = {
  readonly runbook: Runbook;
  readonly lab: string;
  readonly events: Iterable<RunEvent>;
  /** Given now, by `--var`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly root: string;
};

/** What a recording of this run must not show: secrets, values of variables that are not the page's own, this machine. */
export function hiddenValues(run: PublishedRun): readonly HiddenValue[] {
  const noted: [string, string][] = [];
  const facts: Facts[] = [];
  for (const event of run.events) {
    if ('variables' in event) noted.push(...Object.entries(event.variables ?? {}));
    if (event.kind === 'run-started') facts.push(...Object.values(event.facts));
  }
  return [...variableValues(run, noted), ...machineValues(run, facts)];
}

/** `noted`: the variables that the run's log has. */
function variableValues(
  { runbook, variables }: PublishedRun,
  noted: readonly (readonly [string, string])[],
): readonly HiddenValue[] {
  const declared = Object.entries(runbook.variables);
  // The log has no secrets any more; a shell that was told one in another way may have printed it.
  const environment = declared.map(([name]): [string, string] => [name, process.env[`TEJUN_VAR_${name}`] ?? '']);
  const given = [...noted, ...environment, ...Object.entries(variables)];
  const isSecret = ([name]: readonly [string, string]): boolean => runbook.secrets.includes(name);
  const secrets = [...given, ...declared].filter(isSecret);
  const others = given.filter(
    ([name, value]) =>
      Object.hasOwn(runbook.variables, name) && value !== runbook.variables[name] && !isSecret([name, value]),
  );
  return [
    ...secrets
      .filter(([, value]) => value.length >= 4)
      .map(([, value]): HiddenValue => ({ value, shown: '‹secret›', where: 'anywhere' })),
    // A short value is also a part of words that have nothing to do with it.
    ...others.map(
      ([name, value]): HiddenValue => ({ value, shown: `‹${name}›`, where: value.length < 4 ? 'word' : 'anywhere' }),
    ),
  ];
}

function machineValues({ runbook, lab, root }: PublishedRun, facts: readonly Facts[]): readonly HiddenValue[] {
  const machine = thisMachine(root);
  const known = [
    ...loadLab(lab, { root }).hosts,
    ...facts.flatMap((each) => Object.values(each)).filter((value) => !machine.hosts.includes(value)),
  ];
  return hiddenNames(machine, { said: [runbook.title, ...runbook.steps.map(({ source }) => source)], known });
}
