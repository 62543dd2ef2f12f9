import { valueNamed } from '../by-name.ts';
import { holds } from './condition.ts';
import type { Facts, Step } from './model.ts';

/** Why a step is not for a host, in words; undefined when it is. A fact that the host does not have holds for nothing. */
export function whyElsewhere({ only }: Pick<Step, 'only'>, facts: Facts): string | undefined {
  if (only === undefined) return undefined;
  const other = only.clauses.find((clause) => holds([clause], facts) !== true);
  if (other === undefined) return undefined;
  const fact = valueNamed(facts, other.fact);
  return `only for hosts with ${only.text}; this one has ${fact === undefined ? `no fact ${other.fact}` : `${other.fact}=${fact}`}`;
}
