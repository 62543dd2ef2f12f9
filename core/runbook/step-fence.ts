import { nearest } from '../nearest.ts';
import type { Attributes } from './attributes.ts';
import { parseCondition } from './condition.ts';
import { parseDuration } from './duration.ts';
import type { Clause, ExitRule, Language, Only } from './model.ts';

/** Attributes of a step's fence. */
export const stepAttributes = {
  values: ['step', 'host', 'db', 'when', 'only', 'exit', 'timeout', 'until', 'danger', 'finding', 'changed'],
  flags: ['background', 'cleanup', 'topology'],
  display: true,
} as const;

/** Facts that are found out by looking at a host; a lab may declare more. */
const probedFacts: readonly string[] =
  'arch bash clients codepage distribution distribution_version hostname lang os pg pg_version pgpool powershell shell user windows wine'.split(
    ' ',
  );

/** Languages that a step can have. */
export const stepLanguages: readonly Language[] = ['sh', 'bash', 'bat', 'powershell', 'sql'];

/** Reads `when=`; an unreadable one is reported and has text but no clauses. */
export function readWhen(attributes: Attributes): { readonly when: readonly Clause[]; readonly whenText: string } {
  return { when: readCondition(attributes, 'when'), whenText: attributes.value('when') ?? '' };
}

/** Reads `only=`; undefined without it. */
export function readOnly(attributes: Attributes): Only | undefined {
  const text = attributes.value('only');
  if (text === undefined) return undefined;
  const clauses = readCondition(attributes, 'only');
  for (const { fact } of clauses) {
    // A fact that is misspelt holds nowhere: the step would never run, and nobody would be told.
    const near = probedFacts.includes(fact) ? undefined : nearest(fact, probedFacts);
    if (near !== undefined) attributes.wrong('only', `no host has a fact \`${fact}\``, `did you mean \`${near}\`?`);
  }
  return { clauses, text };
}

function readCondition(attributes: Attributes, key: 'when' | 'only'): readonly Clause[] {
  const text = attributes.value(key);
  if (text === undefined) return [];
  const clauses = parseCondition(text);
  if (!('wrong' in clauses)) return clauses;
  attributes.wrong(
    key,
    `cannot read the condition \`${clauses.wrong}\``,
    `conditions look like ${key}=os=windows, ${key}=os=linux|darwin or ${key}="os=linux pg>=16"`,
  );
  return [];
}

/** Reads `exit=`: `1`, `0,3` or `any`; 0 without it. */
export function readExit(attributes: Attributes): ExitRule {
  const text = attributes.value('exit');
  if (text === undefined) return { kind: 'codes', codes: [0] };
  if (text === 'any') return { kind: 'any' };
  const codes = text.split(',').map((code) => (/^\d+$/.test(code) ? Number(code) : Number.NaN));
  if (codes.some((code) => !(code <= 255)))
    attributes.wrong('exit', `\`${text}\` is no exit code`, 'write exit=1, exit=0,3 or exit=any');
  return { kind: 'codes', codes };
}

/** Reads a duration attribute in milliseconds. */
export function readDuration(attributes: Attributes, key: 'timeout' | 'until'): number | undefined {
  const text = attributes.value(key);
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  if (duration === undefined)
    attributes.wrong(key, `\`${text}\` is no duration`, `write ${key}=500ms, ${key}=60s, ${key}=5m or ${key}=1h`);
  return duration;
}

/**
 * The condition that a language means by itself, beside the other languages of its step. Windows runs `bat` and
 * `powershell`; where a step has both, it is for the shell in which a login on the host lands.
 */
export function impliedBy(language: Language, others: readonly Language[]): readonly Clause[] {
  switch (language) {
    case 'sql':
      // No shell is needed.
      return [];
    case 'sh':
    case 'bash':
      return [{ fact: 'shell', operator: '=', values: ['bash'] }];
    case 'bat':
    case 'powershell': {
      const both = others.includes(language === 'bat' ? 'powershell' : 'bat');
      const shell = language === 'bat' ? 'cmd' : 'powershell';
      return [
        both ? { fact: 'shell', operator: '=', values: [shell] } : { fact: 'os', operator: '=', values: ['windows'] },
      ];
    }
  }
}
