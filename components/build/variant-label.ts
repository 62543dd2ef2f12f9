import type { Clause, Variant } from '../../core/runbook/model.ts';

const names: Readonly<Record<string, string>> = {
  linux: 'Linux',
  windows: 'Windows',
  pg: 'PostgreSQL',
  pgpool: 'Pgpool-II',
  powershell: 'PowerShell',
  ja: '日本語',
  en: 'English',
};

/** For which systems a variant is, in words: `Windows, PostgreSQL ≥ 12`; undefined when it is for all. */
export function variantLabel({ when }: Variant<unknown>): string | undefined {
  return when.length === 0 ? undefined : when.map(clauseLabel).join(', ');
}

function clauseLabel({ fact, operator, values }: Clause): string {
  const value = values.map((one) => names[one] ?? one).join(' / ');
  const comparison = { '=': '', '!=': '≠ ', '<': '< ', '<=': '≤ ', '>': '> ', '>=': '≥ ' }[operator];
  // What the value says by itself needs no name in front: Windows, PowerShell.
  if (['os', 'shell', 'lang'].includes(fact) && operator === '=') return value;
  return `${names[fact] ?? fact} ${comparison}${value}`;
}
