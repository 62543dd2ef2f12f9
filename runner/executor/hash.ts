import { createHash } from 'node:crypto';
import type { Step } from '../../core/runbook/model.ts';

/** SHA-256 of a step's source in hex: what tells whether a recording or a half-finished run still fits the page. */
export function hashOf(step: Step): string {
  // The host may come from the front matter, which is not in the source: on another host it is another step.
  return createHash('sha256')
    .update(`${step.host ?? ''}\n${step.source}`)
    .digest('hex');
}
