import { valueNamed } from '../../core/by-name.ts';
import { bindExpectation } from '../../core/expectation/bind.ts';
import type { Expectation } from '../../core/expectation/model.ts';
import { whyElsewhere } from '../../core/runbook/elsewhere.ts';
import { fillCommand } from '../../core/runbook/fill-command.ts';
import { type ExpectFence, fileOf, type Language, type Step } from '../../core/runbook/model.ts';
import { select } from '../../core/runbook/select.ts';
import { isInSql } from '../../core/runbook/sql-step.ts';
import type { Execution } from './executor.ts';
import type { Place } from './place.ts';

/** A step ready to run: variants chosen, values filled in. */
export type PreparedStep = {
  readonly kind: 'ready';
  readonly step: Step;
  readonly host: string;
  readonly place: Place;
  readonly command: string;
  /** The document with the command's fence, and the 1-based line of its first line of text. */
  readonly commandAt: { readonly file: string; readonly line: number };
  readonly language: Language;
  readonly expectation: Expectation | undefined;
  /** The chosen expectation as the page has it, and the values that were filled in. */
  readonly fence: ExpectFence | undefined;
  readonly values: Readonly<Record<string, string>>;
};

/** Chooses the variants for the host's facts and fills in variables and captures; or says why that cannot be done, or is not meant to be. */
export function prepareStep(
  step: Step,
  execution: Pick<Execution, 'runbook' | 'defaultHost' | 'facts' | 'values' | 'databases'>,
  captures: Readonly<Record<string, string>>,
):
  | PreparedStep
  | { readonly kind: 'impossible'; readonly reason: string }
  | { readonly kind: 'elsewhere'; readonly reason: string } {
  const host = step.host ?? execution.defaultHost;
  const facts = valueNamed(execution.facts, host);
  if (!facts)
    return {
      kind: 'impossible',
      reason: `this lab has no host ${host}; its hosts are ${Object.keys(execution.facts).join(', ')}`,
    };
  const elsewhere = whyElsewhere(step, facts);
  if (elsewhere !== undefined) return { kind: 'elsewhere', reason: elsewhere };
  if (isInSql(step) && valueNamed(execution.databases, host) === undefined)
    return { kind: 'impossible', reason: noDatabase(host) };
  const selected = select(step, facts);
  if (selected.kind === 'problem') return { kind: 'impossible', reason: selected.reason };
  const values = { ...execution.values, ...captures };
  const filled = fillCommand(selected.command, values);
  if (filled.kind === 'problem') return { kind: 'impossible', reason: filled.reason };
  const fence = selected.expectation;
  const variant = step.commands.find(({ value }) => value === selected.command) ?? step;
  const database = isInSql(step) ? (step.database ?? valueNamed(execution.databases, host)) : undefined;
  const ready = {
    kind: 'ready',
    step,
    host,
    place: { host, database },
    command: filled.text,
    commandAt: { file: fileOf(execution.runbook, variant), line: variant.line + 1 },
    language: selected.command.language,
    fence,
    values,
  } as const;
  if (!fence) return { ...ready, expectation: undefined };
  const bound = bindExpectation(fence.expectation, values);
  if ('unresolved' in bound) {
    const names = bound.unresolved.map((name) => `{{${name}}}`).join(', ');
    return { kind: 'impossible', reason: `the expectation uses ${names}, which no earlier step of this run captured` };
  }
  return { ...ready, expectation: bound.expectation };
}

/** Why a step in SQL cannot run on a host. */
export function noDatabase(host: string): string {
  return `the lab file names no \`database\` on ${host}, so no step in SQL can run there`;
}
