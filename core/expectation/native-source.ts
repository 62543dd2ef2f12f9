import type { Part, PlaceholderType } from './model.ts';
import { typeSource } from './placeholder-types.ts';

/**
 * The parts as an anchored regular expression for V8, whose compiled form is small and fast; undefined unless there is
 * at most one place where each placeholder can end, so that backtracking never tries two ways of going on.
 */
export function nativeSource(parts: readonly Part[]): string | undefined {
  let source = '^';
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'literal') {
      source += part.text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      continue;
    }
    if (part.kind === 'pattern' || part.kind === 'use') return undefined;
    const type = part.kind === 'near' ? 'number' : part.type;
    const next = parts[i + 1];
    if (type === 'any') {
      if (next !== undefined) return undefined;
      source += '([^]*)';
    } else {
      if (next !== undefined && (next.kind !== 'literal' || !endsBefore[type].test(next.text))) return undefined;
      source += `(${typeSource(type)})`;
    }
  }
  return `${source}$`;
}

/** Literal texts with which no value of the type can go on, whatever comes before them. */
const endsBefore: Record<Exclude<PlaceholderType, 'any'>, RegExp> = {
  timestamp: /^(?:[^0-9:.,A-Z+ \-時时点시分분秒초]| [^0-9A-Z+-])/,
  lsn: /^[^0-9A-F/]/,
  pid: /^[^0-9]/,
  int: /^[^0-9]/,
  number: /^[^0-9.eE+-]/,
  duration: /^(?: [^0-9\p{L}+(（-]| [b-zB-Z]|[^0-9.,:\p{L}\p{M} +(（-])/u,
  ip: /^[^0-9A-Fa-f:./]/,
  path: /^[:"<>|*?]/,
  word: /^[\t ]/,
};
