import type { StepView } from '../../core/protocol/server-message.ts';
import { tookText } from './elapsed.ts';
import { texts } from './texts.ts';

/** What to say of a step's change; undefined when a listener need not know. A result that was there before is no news. */
export function verdictNews(before: StepView | undefined, now: StepView): string | undefined {
  if (now.status !== 'done' || now.outcome === undefined) return undefined;
  if (before?.status !== 'running' && before?.status !== 'queued') return undefined;
  const { verdict, durationMs } = now.outcome;
  return texts.announceDone(now.step, texts[verdict], tookText(durationMs, texts));
}
