import { make } from '../dom.ts';

/** A sentence of a page or a reporter as nodes; what stands between backticks as code. */
export function inlineCode(text: string): readonly (Node | string)[] {
  return text.split(/`([^`\n]+)`/).map((piece, i) => (i % 2 === 0 ? piece : make('code', {}, piece)));
}
