import { enable, make, makeButton, setAttribute, setText, show } from '../dom.ts';
import { texts } from '../texts.ts';
import type { BarContext, BarRequests } from './bar-context.ts';

/** Running all steps, stopping, going on with a run that was interrupted. */
export class RunActions {
  readonly element: HTMLElement;
  readonly #runAll: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #resume: HTMLButtonElement;
  readonly #where = make('span', { class: 'bar-where' });

  constructor(requests: BarRequests) {
    this.#runAll = makeButton(texts.runAll, () => requests.runAll(), { class: 'primary' });
    this.#stop = makeButton(texts.stopRun, () => requests.stop(), { class: 'stop', label: texts.stopRunName });
    this.#resume = makeButton('', () => requests.resume());
    this.element = make('div', { class: 'bar-run' }, this.#runAll, this.#where, this.#stop, this.#resume);
  }

  update({ state, canRun, canStop, checkpoint }: BarContext, named: string): void {
    const where = texts.runAllOn(state.lab ?? named, checkpoint);
    setText(this.#where, where);
    setAttribute(this.#runAll, 'aria-label', `${texts.runAll} ${where}`);
    enable(this.#runAll, canRun);
    const going = (state.run?.status ?? 'idle') !== 'idle';
    if (!going && document.activeElement === this.#stop) this.#runAll.focus();
    show(this.#stop, going);
    enable(this.#stop, canStop);
    const interrupted = state.run?.interrupted;
    if (interrupted === undefined && document.activeElement === this.#resume) this.#runAll.focus();
    show(this.#resume, interrupted !== undefined);
    enable(this.#resume, canRun);
    if (interrupted !== undefined) setText(this.#resume, texts.goOn(interrupted));
  }

  focus(): void {
    this.#runAll.focus({ preventScroll: true });
  }
}
