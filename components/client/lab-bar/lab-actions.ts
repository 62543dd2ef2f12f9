import type { LabView } from '../../../core/protocol/server-message.ts';
import { Disclosure } from '../disclosure.ts';
import { enable, make, makeButton, show } from '../dom.ts';
import { texts } from '../texts.ts';
import type { BarRequests } from './bar-context.ts';
import { FactChoice } from './fact-choice.ts';

/** Bringing the lab up and down, and back to a checkpoint. */
export class LabActions {
  readonly element: HTMLElement;
  readonly #up: HTMLButtonElement;
  readonly #down: HTMLButtonElement;
  readonly #reset = new Disclosure(texts.reset, undefined, 'reset-menu');
  readonly #requests: BarRequests;
  readonly #facts: FactChoice;
  #checkpoints = '';

  constructor(requests: BarRequests) {
    this.#requests = requests;
    this.#up = makeButton(texts.up, () => requests.lab('up'));
    this.#down = makeButton(texts.down, () => requests.lab('down'));
    this.#facts = new FactChoice(requests.choose);
    this.element = make(
      'div',
      { class: 'bar-actions' },
      this.#facts.element,
      this.#up,
      this.#down,
      this.#reset.element,
    );
  }

  update(lab: LabView | undefined, enabled: boolean): void {
    const down = lab === undefined || lab.hosts.every((host) => host.state === 'down');
    if (down && document.activeElement === this.#down) this.#up.focus();
    show(this.#up, down || lab.hosts.some((host) => host.state === 'down' || host.state === 'broken'));
    show(this.#down, !down);
    for (const button of [this.#up, this.#down, this.#reset.button]) enable(button, enabled);
    this.#facts.update(lab, enabled);
    if (!enabled) this.#reset.toggle(false);
    const checkpoints = lab?.checkpoints ?? [];
    show(this.#reset.element, checkpoints.length > 0);
    if (checkpoints.join() === this.#checkpoints) return;
    this.#checkpoints = checkpoints.join();
    this.#reset.panel.replaceChildren(
      ...checkpoints.map((checkpoint) =>
        makeButton(texts.resetTo(checkpoint), () => {
          this.#reset.toggle(false);
          this.#reset.button.focus();
          this.#requests.lab('reset', checkpoint);
        }),
      ),
    );
  }
}
