import type { Texts } from './texts.ts';

type Words = Pick<Texts, 'ms' | 'seconds' | 'minutes'>;

/** How long something took, as precisely as it is of use. */
export function tookText(ms: number, words: Words): string {
  if (ms < 999.5) return words.ms(String(Math.round(ms)));
  if (ms < 59_950) return words.seconds((ms / 1000).toFixed(1));
  return wholeText(Math.round(ms / 1000), words);
}

/** How long something has been going on, in whole seconds, so that it changes once a second. */
export function tickingText(ms: number, words: Words): string {
  return wholeText(Math.floor(Math.max(0, ms) / 1000), words);
}

function wholeText(seconds: number, words: Words): string {
  if (seconds < 60) return words.seconds(String(seconds));
  return words.minutes(String(Math.floor(seconds / 60)), String(seconds % 60).padStart(2, '0'));
}
