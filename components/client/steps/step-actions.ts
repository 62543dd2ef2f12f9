import type { StepView } from '../../../core/protocol/server-message.ts';
import { enable, makeButton, show } from '../dom.ts';
import { texts } from '../texts.ts';
import type { StepContext, StepRequests } from './step-context.ts';

/** A step's buttons. */
export class StepActions {
  readonly #run: HTMLButtonElement;
  readonly #from: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #terminal: HTMLButtonElement;
  #view: StepView | undefined;

  constructor(parent: HTMLElement, step: string, requests: StepRequests) {
    this.#run = makeButton(texts.runStep, () => requests.run(step, 'step'), {
      label: texts.runStepName(step),
      class: 'primary',
    });
    this.#from = makeButton(texts.runFrom, () => requests.run(step, 'from'), { label: texts.runFromName(step) });
    this.#stop = makeButton(texts.stop, () => requests.stop(), { label: texts.stopName(step), class: 'stop' });
    this.#terminal = makeButton(
      texts.inTerminal,
      () => this.#view !== undefined && requests.showInTerminal(this.#view),
      { label: texts.inTerminalName(step) },
    );
    parent.append(this.#run, this.#stop, this.#from, this.#terminal);
  }

  update(view: StepView | undefined, context: StepContext): void {
    this.#view = view;
    const going = view?.status === 'running' || view?.status === 'queued';
    enable(this.#run, context.canRun);
    enable(this.#from, context.canRun);
    enable(this.#stop, context.canStop);
    // Hidden elements lose the focus to nowhere.
    if (!going && document.activeElement === this.#stop) this.#run.focus({ preventScroll: true });
    show(this.#stop, going);
    if (view?.place === undefined && document.activeElement === this.#terminal)
      this.#run.focus({ preventScroll: true });
    show(this.#terminal, view?.place !== undefined);
  }

  /** As if Run had been pressed. */
  run(): void {
    this.#run.click();
  }

  focus(): void {
    this.#run.focus();
  }
}
