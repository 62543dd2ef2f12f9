import type { RunReport } from './report.ts';

/** The whole result as one JSON document, version 1: `{version, runs: [{runbook, verdict, outcomes, …}]}`. */
export function jsonReport(runs: readonly RunReport[]): string {
  return `${JSON.stringify({ version: 1, runs }, undefined, 2)}\n`;
}
