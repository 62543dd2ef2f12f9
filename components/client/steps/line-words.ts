import { texts } from '../texts.ts';
import type { LineKind } from './diff-lines.ts';

/** The sign of a diff's line; colour is never alone. */
export const lineSign: Readonly<Record<LineKind, string>> = {
  matched: '✓',
  pending: '·',
  missing: '−',
  misplaced: '−',
  unexpected: '+',
  differs: '≠',
  ellipsis: '⋯',
  'passed-over': ':',
  'left-out': '⋯',
};

/** The word of a diff's line, for screen readers. */
export function lineWord(kind: LineKind): string {
  return kind === 'ellipsis' || kind === 'passed-over' || kind === 'left-out' ? '' : `${texts[kind]}: `;
}
