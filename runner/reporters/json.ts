import type { RunReport } from './report.ts';
import { visibleBytes } from './visible.ts';

/**
 * The whole result as one JSON document, version 1: `{version, runs: [{runbook, verdict, outcomes, …}]}`. A byte that is
 * no UTF-8 is written `\xNN`: a lone surrogate is refused by many readers (JSON::PP 4.07 of perl 5.36, serde_json).
 */
export function jsonReport(runs: readonly RunReport[]): string {
  const inUnicode = (_: string, value: unknown) => (typeof value === 'string' ? visibleBytes(value) : value);
  return `${JSON.stringify({ version: 1, runs }, inUnicode, 2)}\n`;
}
