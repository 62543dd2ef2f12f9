import { valueNamed } from '../by-name.ts';
import type { Clause, Facts } from './model.ts';

/** Reads `when=` text: comparisons with facts, all of which must hold, as in `os=linux|windows pg>=12`. */
export function parseCondition(text: string): readonly Clause[] | { readonly wrong: string } {
  const words = text
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  if (words.length === 0) return { wrong: text };
  const clauses: Clause[] = [];
  for (const word of words) {
    const match = /^([a-z][\w-]*)(!=|<=|>=|=|<|>)([^\s=<>!|]+(?:\|[^\s=<>!|]+)*)$/i.exec(word);
    const [, fact, operator, values] = match ?? [];
    if (fact === undefined || operator === undefined || values === undefined) return { wrong: word };
    const ordered = operator !== '=' && operator !== '!=';
    if (ordered && !/^\d+(\.\d+)*$/.test(values)) return { wrong: word };
    clauses.push({ fact, operator: operator as Clause['operator'], values: values.split('|') });
  }
  return clauses;
}

/** Writes clauses as text from which `parseCondition` reads the same ones; empty without any. */
export function writeCondition(clauses: readonly Clause[]): string {
  return clauses.map(({ fact, operator, values }) => `${fact}${operator}${values.join('|')}`).join(' ');
}

/** Whether all clauses hold; a fact that nobody knows is named instead of taken for false. */
export function holds(clauses: readonly Clause[], facts: Facts): boolean | { readonly unknown: string } {
  let all = true;
  for (const clause of clauses) {
    const fact = valueNamed(facts, clause.fact);
    if (fact === undefined) return { unknown: clause.fact };
    const result = clauseHolds(clause, fact);
    if (result === undefined) return { unknown: `${clause.fact} as a version (it is \`${fact}\`)` };
    all &&= result;
  }
  return all;
}

/** Whether no facts at all could satisfy both conditions; false when that is not certain. */
export function exclude(a: readonly Clause[], b: readonly Clause[]): boolean {
  return a.some((one) => b.some((other) => one.fact === other.fact && disjoint(one, other)));
}

/** Compares dotted version numbers; negative, zero or positive. Missing parts count as zero: 12 equals 12.0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = Number(left[i] ?? 0) - Number(right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const isVersion = (text: string): boolean => /^\d+(\.\d+)*$/.test(text);

function clauseHolds({ operator, values }: Clause, fact: string): boolean | undefined {
  if (operator === '=') return values.some((value) => sameValue(value, fact));
  if (operator === '!=') return !values.some((value) => sameValue(value, fact));
  if (!isVersion(fact)) return undefined;
  return ordered(operator, compareVersions(fact, values[0] ?? ''));
}

function sameValue(value: string, fact: string): boolean {
  return value === fact || (isVersion(value) && isVersion(fact) && compareVersions(value, fact) === 0);
}

function ordered(operator: '<' | '<=' | '>' | '>=', order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function disjoint(a: Clause, b: Clause): boolean {
  // Equality names all values that can be, so trying them decides; two ranges are disjoint when their ends do not meet.
  if (a.operator === '=') return a.values.every((value) => clauseHolds(b, value) === false);
  if (b.operator === '=') return disjoint(b, a);
  const [lower, upper] = a.operator.startsWith('>') ? [a, b] : [b, a];
  if (!lower.operator.startsWith('>') || !upper.operator.startsWith('<')) return false;
  const order = compareVersions(lower.values[0] ?? '', upper.values[0] ?? '');
  return order > 0 || (order === 0 && (lower.operator === '>' || upper.operator === '<'));
}
