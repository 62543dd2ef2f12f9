import { holds, writeCondition } from './condition.ts';
import type { Clause, Command, ExpectFence, Facts, Step, Variant } from './model.ts';

/** What of a step applies on a host. */
export type Selection =
  | { readonly kind: 'selected'; readonly command: Command; readonly expectation: ExpectFence | undefined }
  | { readonly kind: 'problem'; readonly reason: string };

/** Chooses a step's command and expectation for a host's facts. Exactly one command must apply, and of several expectations one. */
export function select(step: Step, facts: Facts): Selection {
  const command = choose(`step ${step.id}: command`, step.commands, facts);
  if (command.kind === 'problem') return command;
  if (step.expectations.length === 0) return { kind: 'selected', command: command.value, expectation: undefined };
  const expectation = choose(`step ${step.id}: expectation`, step.expectations, facts);
  if (expectation.kind === 'problem') return expectation;
  return { kind: 'selected', command: command.value, expectation: expectation.value };
}

/** Which of several variants holds for a host. */
export type Choice<T> =
  | { readonly kind: 'one'; readonly variant: T }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly first: T; readonly second: T }
  | { readonly kind: 'unknown'; readonly variant: T; readonly fact: string };

/** Chooses the variant that holds for a host's facts. Executor, page and build all ask here, so that what is shown is what runs. */
export function chooseVariant<T extends { readonly when: readonly Clause[] }>(
  variants: readonly T[],
  facts: Facts,
): Choice<T> {
  const holding: T[] = [];
  for (const variant of variants) {
    const result = holds(variant.when, facts);
    if (typeof result !== 'boolean') return { kind: 'unknown', variant, fact: result.unknown };
    if (result) holding.push(variant);
  }
  const [first, second] = holding;
  if (first && second) return { kind: 'several', first, second };
  return first ? { kind: 'one', variant: first } : { kind: 'none' };
}

function choose<T>(
  what: string,
  variants: readonly Variant<T>[],
  facts: Facts,
): { readonly kind: 'chosen'; readonly value: T } | { readonly kind: 'problem'; readonly reason: string } {
  const problem = (reason: string) => ({ kind: 'problem', reason: `${what}${reason}` }) as const;
  const choice = chooseVariant(variants, facts);
  switch (choice.kind) {
    case 'one':
      return { kind: 'chosen', value: choice.variant.value };
    case 'several':
      return problem(`: the variants in ${placesOf(choice.first, choice.second)} both apply to this host`);
    case 'unknown':
      return problem(
        ` in ${placeOf(choice.variant)} depends on the fact ${choice.fact}, which this host does not have`,
      );
    case 'none': {
      const wanted = variants.map(({ when }) => `\`${writeCondition(when)}\``).join(', ');
      return problem(`: no variant applies to this host (there are ${wanted})`);
    }
  }
}

function placesOf(first: Variant<unknown>, second: Variant<unknown>): string {
  return first.file === second.file
    ? `lines ${first.line} and ${second.line}`
    : `${placeOf(first)} and ${placeOf(second)}`;
}

function placeOf({ file, line }: Variant<unknown>): string {
  return file === undefined ? `line ${line}` : `line ${line} of ${file}`;
}
