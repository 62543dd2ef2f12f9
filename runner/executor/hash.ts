import { createHash } from 'node:crypto';
import type { Step } from '../../core/runbook/model.ts';

/** SHA-256 of a step's source in hex: what tells whether a recording or a half-finished run still fits the page. */
export function hashOf(step: Step): string {
  return createHash('sha256').update(step.source).digest('hex');
}
