import type { RecordedStep } from '../../core/recording/model.ts';
import { element, leaf, type PageNode } from './nodes.ts';
import { visible } from './visible-text.ts';
import type { Words } from './words.ts';

/** Lines that a reader sees of an output before unfolding the rest. */
const shown = 20;

/** What a step printed; the end of a long output is folded. */
export function outputView(step: RecordedStep, words: Words): PageNode {
  const output = visible(step.output);
  const lines = output.replace(/\n$/, '').split('\n');
  if (step.output.trim() === '') return leaf('p', { class: 'quiet' }, words.noOutput);
  const isCut = step.outputLines > output.split('\n').length;
  const cut = isCut ? leaf('p', { class: 'quiet' }, words.cut(step.outputLines)) : undefined;
  // Two or three folded lines would take as much room as their fold.
  const few = lines.length <= shown + 4;
  const head = leaf('pre', { class: 'output' }, few ? lines.join('\n') : lines.slice(0, shown).join('\n'));
  const rest = few
    ? undefined
    : element(
        'details',
        {},
        leaf('summary', {}, words.more(lines.length - shown)),
        leaf('pre', { class: 'output' }, lines.slice(shown).join('\n')),
      );
  return element('div', {}, head, rest, cut);
}
