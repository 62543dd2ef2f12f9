import { make } from '../dom.ts';
import { Question } from '../question.ts';
import { texts } from '../texts.ts';

/** Tells which keys do what. */
export function showKeyboard(): void {
  const keys = (pairs: readonly (readonly [string, string])[]): HTMLElement =>
    make(
      'dl',
      { class: 'dialog-facts' },
      ...pairs.map(([key, does]) => make('div', {}, make('dt', {}, make('kbd', {}, key)), make('dd', {}, does))),
    );
  new Question(
    texts.keyboardTitle,
    [
      make('p', {}, texts.keysInStep),
      keys([
        ['Alt+Enter', texts.keyRun],
        ['Alt+↓', texts.keyNext],
        ['Alt+↑', texts.keyPrevious],
      ]),
      make('p', {}, texts.keysInTerminal),
      keys([['Ctrl+Shift+↑', texts.keyLeave]]),
    ],
    [{ answer: 'close', text: texts.close }],
  );
}
