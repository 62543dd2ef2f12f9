import { valueNamed } from '../../core/by-name.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import { UsageError } from './errors.ts';

/** Reads `--var name=value` options; each name must be declared by one of the runbooks. */
export function parseVariables(
  options: readonly string[],
  runbooks: readonly Runbook[],
): Readonly<Record<string, string>> {
  const declared = new Set(runbooks.flatMap((runbook) => Object.keys(runbook.variables)));
  return Object.fromEntries(
    options.map((option) => {
      const at = option.indexOf('=');
      const name = option.slice(0, at);
      if (at <= 0) throw new UsageError(`--var ${option}: must look like name=value`);
      if (!declared.has(name)) {
        const known =
          declared.size === 0 ? 'these runbooks declare no variables' : `declared are ${[...declared].join(', ')}`;
        throw new UsageError(`--var ${option}: no runbook declares ${name}; ${known}`);
      }
      return [name, option.slice(at + 1)];
    }),
  );
}

/** A runbook's variables: its own defaults, then `TEJUN_VAR_…` of the environment, then what was given. */
export function variablesOf(
  runbook: Runbook,
  given: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(runbook.variables).map(([name, fallback]) => {
      const own = valueNamed(given, name) ?? environment[`TEJUN_VAR_${name}`];
      // Node has put this character in the place of each byte that it could not read.
      if (own?.includes('\uFFFD')) {
        throw new UsageError(
          `the value of ${name} is no UTF-8, so the steps would get another one\n    hint: give it in UTF-8: look at the encoding of the terminal, or of the file from which it comes`,
        );
      }
      const value = own ?? fallback;
      if (value === '' && runbook.secrets.includes(name)) {
        throw new UsageError(
          `${runbook.file}: the secret ${name} has no value\n    hint: set TEJUN_VAR_${name} in the environment`,
        );
      }
      if (value.length < 4 && runbook.secrets.includes(name)) {
        throw new UsageError(
          `${runbook.file}: the secret ${name} has fewer than 4 characters and cannot be hidden\n    hint: choose a longer one`,
        );
      }
      return [name, value];
    }),
  );
}

/** The values that must never be written down. */
export function secretValues(runbook: Runbook, variables: Readonly<Record<string, string>>): readonly string[] {
  return runbook.secrets.flatMap((name) => variables[name] ?? []);
}

/** Variables with other values than the page's defaults, secrets left out. */
export function givenVariables(
  runbook: Runbook,
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name, value]) => value !== valueNamed(runbook.variables, name) && !runbook.secrets.includes(name),
    ),
  );
}
