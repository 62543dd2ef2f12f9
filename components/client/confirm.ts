import { make } from './dom.ts';
import { Question } from './question.ts';
import { texts } from './texts.ts';

/** Asks before a lab that is not made to be thrown away loses what is on its hosts. */
export async function confirmLoss(title: string, confirm: string): Promise<boolean> {
  const question = new Question(
    title,
    [make('p', {}, texts.notDisposable)],
    [
      { answer: false, text: texts.cancel, class: 'primary' },
      { answer: true, text: confirm, class: 'danger' },
    ],
  );
  return (await question.answer) === true;
}
