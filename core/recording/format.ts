import { visibleJson } from '../cast/visible-json.ts';
import type { Recording } from './model.ts';

/** A recording as the text of its file: a line for each part of a step and each row of its diff, so that changes are seen. */
export function formatRecording(recording: Recording): string {
  const { version, runbook, lab, date, durationMs, verdict, hosts, casts, steps } = recording;
  const ordered = steps.map(({ step, host, hash, at, ...rest }) => ({ step, host, hash, at, ...rest }));
  return formatLines({ version, runbook, lab, date, durationMs, verdict, hosts, casts, steps: ordered }, 5);
}

/** JSON as the text of a file; its outer `depth` levels have a line for each entry. */
export function formatLines(value: unknown, depth: number): string {
  return `${lines(value, '', depth)}\n`;
}

function lines(value: unknown, indent: string, depth: number): string {
  if (depth === 0 || value === null || typeof value !== 'object') return visibleJson(value);
  const isArray = Array.isArray(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return isArray ? '[]' : '{}';
  const inner = entries.map(([key, item]) => {
    const text = lines(item, `${indent}  `, depth - 1);
    return `${indent}  ${isArray ? '' : `${visibleJson(key)}: `}${text}`;
  });
  return `${isArray ? '[' : '{'}\n${inner.join(',\n')}\n${indent}${isArray ? ']' : '}'}`;
}
