import { holds } from './condition.ts';
import type { Command, ExpectFence, Facts, Step, Variant } from './model.ts';

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

function choose<T>(
  what: string,
  variants: readonly Variant<T>[],
  facts: Facts,
): { readonly kind: 'chosen'; readonly value: T } | { readonly kind: 'problem'; readonly reason: string } {
  const applying: Variant<T>[] = [];
  for (const variant of variants) {
    const result = holds(variant.when, facts);
    if (typeof result !== 'boolean') {
      return {
        kind: 'problem',
        reason: `${what} in ${placeOf(variant)} depends on the fact ${result.unknown}, which this host does not have`,
      };
    }
    if (result) applying.push(variant);
  }
  const [only, second] = applying;
  if (only && second) {
    return {
      kind: 'problem',
      reason: `${what}: the variants in ${only.file === second.file ? `lines ${only.line} and ${second.line}` : `${placeOf(only)} and ${placeOf(second)}`} both apply to this host`,
    };
  }
  if (only) return { kind: 'chosen', value: only.value };
  const wanted = variants.map((variant) => `\`${variant.whenText}\``).join(', ');
  return { kind: 'problem', reason: `${what}: no variant applies to this host (there are ${wanted})` };
}

function placeOf({ file, line }: Variant<unknown>): string {
  return file === undefined ? `line ${line}` : `line ${line} of ${file}`;
}
