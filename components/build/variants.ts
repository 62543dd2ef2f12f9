import type { Clause, Command, Language, Step, Variant } from '../../core/runbook/model.ts';
import { chooseVariant } from '../../core/runbook/select.ts';
import type { Recorded } from './recorded.ts';

const names: Readonly<Record<string, string>> = {
  linux: 'Linux',
  windows: 'Windows',
  pg: 'PostgreSQL',
  pgpool: 'Pgpool-II',
  powershell: 'PowerShell',
  ja: '日本語',
  en: 'English',
};

/** What runs a fence that says no more than its language. */
const shells: Readonly<Partial<Record<Language, string>>> = {
  sh: 'bash',
  bash: 'bash',
  bat: 'cmd',
  powershell: 'PowerShell',
};

/** For which systems a variant is, in words: `Windows, PostgreSQL ≥ 12`; undefined when it is for all. */
export function variantLabel({ when, whenText, value }: Variant<unknown>): string | undefined {
  if (when.length > 0 && whenText === '' && isCommand(value)) return shells[value.language];
  // The shell follows from the fence's language; it is worth a word only where nothing else tells the variants apart.
  const telling = when.filter(({ fact }) => fact !== 'shell');
  if (when.length === 0) return undefined;
  // The page may say what the language says too.
  return [...new Set((telling.length > 0 ? telling : when).map(clauseLabel))].join(', ');
}

/** Labs on whose host, as it was when it was recorded, one of a step's variants holds. */
export function labsWith<T>(
  variant: Variant<T>,
  all: readonly Variant<T>[],
  step: Step,
  recorded: readonly Recorded[],
): readonly string[] {
  return recorded
    .filter(({ recording: { hosts } }) => {
      const choice = chooseVariant(all, hosts[step.host ?? Object.keys(hosts)[0] ?? ''] ?? {});
      return choice.kind === 'one' && choice.variant === variant;
    })
    .map(({ recording }) => recording.lab);
}

function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && 'language' in value;
}

function clauseLabel({ fact, operator, values }: Clause): string {
  const value = values.map((one) => names[one] ?? one).join(' / ');
  const comparison = { '=': '', '!=': '≠ ', '<': '< ', '<=': '≤ ', '>': '> ', '>=': '≥ ' }[operator];
  // What the value says by itself needs no name in front: Windows, PowerShell.
  if (['os', 'shell', 'lang'].includes(fact) && operator === '=') return value;
  return `${names[fact] ?? fact} ${comparison}${value}`;
}
