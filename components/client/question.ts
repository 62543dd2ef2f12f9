import { adoptStyles } from './adopt-styles.ts';
import { make, makeButton } from './dom.ts';
import styles from './question.css?inline';

adoptStyles(styles);

type Choice<Answer> = { readonly answer: Answer; readonly text: string; readonly class?: string };

/** A modal question. The first choice has the focus and is what Escape means: it must be the harmless one. */
export class Question<Answer> {
  /** What the reader chose; undefined when `close` took the question away. */
  readonly answer: Promise<Answer | undefined>;
  readonly #dialog: HTMLDialogElement;
  #settle: (answer: Answer | undefined) => void = () => undefined;

  constructor(title: string, body: readonly Node[], choices: readonly [Choice<Answer>, ...Choice<Answer>[]]) {
    this.answer = new Promise((settle) => {
      this.#settle = settle;
    });
    const heading = make('h2', { id: 'tejun-question' }, title);
    const buttons = choices.map((choice) =>
      makeButton(
        choice.text,
        () => this.#end(choice.answer),
        choice.class === undefined ? {} : { class: choice.class },
      ),
    );
    this.#dialog = make(
      'dialog',
      { class: 'tejun-dialog not-content', 'aria-labelledby': heading.id },
      heading,
      ...body,
      make('div', { class: 'dialog-buttons' }, ...buttons),
    );
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.#end(choices[0].answer);
    });
    // A browser may close a dialog on its own, as on a second Escape.
    this.#dialog.addEventListener('close', () => this.#end(choices[0].answer));
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    buttons[0]?.focus();
  }

  /** Takes the question away unanswered. */
  close(): void {
    this.#end(undefined);
  }

  #end(answer: Answer | undefined): void {
    this.#settle(answer);
    // Closing gives the focus back to where it was.
    if (this.#dialog.open) this.#dialog.close();
    this.#dialog.remove();
  }
}
