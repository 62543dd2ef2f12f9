import type { IDecoration, IMarker, Terminal } from '@xterm/xterm';
import type { StepView } from '../../../core/protocol/server-message.ts';
import { makeButton } from '../dom.ts';
import { texts } from '../texts.ts';

type Mark = { readonly from: number; readonly marker: IMarker; end: IMarker | undefined };

/** Where in a terminal the steps ran. */
export class TerminalMarks {
  readonly #terminal: Terminal;
  readonly #goToStep: (step: string) => void;
  readonly #marks = new Map<string, Mark>();
  #places: readonly StepView[] = [];
  #highlight: IDecoration | undefined;

  constructor(terminal: Terminal, goToStep: (step: string) => void) {
    this.#terminal = terminal;
    this.#goToStep = goToStep;
  }

  /** Offsets at which steps begin and end. */
  get cuts(): readonly number[] {
    return this.#places.flatMap(({ place }) => (place === undefined ? [] : [place.from, place.to ?? place.from]));
  }

  /** Steps whose places are in the terminal, in the order of the terminal. */
  get steps(): readonly string[] {
    return [...this.#marks].sort(([, a], [, b]) => a.from - b.from).map(([step]) => step);
  }

  /** The steps that ran in this terminal; false when nothing about them is new. */
  setPlaces(places: readonly StepView[]): boolean {
    // Called at each message of a run: the cost of a call counts once for each step of the page.
    if (places.length === this.#places.length && places.every((view, i) => samePlace(view, this.#places[i])))
      return false;
    this.#places = places;
    const from = new Map(places.map(({ step, place }) => [step, place?.from]));
    for (const [step, mark] of this.#marks) if (from.get(step) !== mark.from) this.#remove(step);
    return true;
  }

  /** All output before `offset` has been drawn, and nothing after it. `drawnBefore`: where the drawing stood before. */
  reached(offset: number, drawnBefore: number): void {
    for (const { step, place } of this.#places) {
      if (place === undefined) continue;
      const known = this.#marks.get(step);
      // What is told only after it was drawn is marked where the drawing stands.
      if (known === undefined && place.from >= drawnBefore && place.from <= offset) this.#add(step, place.from);
      else if (known !== undefined && place.to === offset) known.end = this.#terminal.registerMarker(0);
    }
  }

  /** Scrolls to a step and marks its lines; false when it is not there. */
  show(step: string): boolean {
    const mark = this.#marks.get(step);
    if (mark === undefined || mark.marker.isDisposed) return false;
    const { marker } = mark;
    this.#terminal.scrollToLine(Math.max(0, marker.line - 1));
    this.#highlight?.dispose();
    const last = mark.end === undefined || mark.end.isDisposed ? marker.line : mark.end.line;
    this.#highlight = this.#terminal.registerDecoration({
      marker,
      x: 0,
      width: this.#terminal.cols,
      height: Math.min(Math.max(1, last - marker.line), this.#terminal.rows),
      layer: 'bottom',
    });
    this.#highlight?.onRender((element) => element.classList.add('terminal-place'));
    return true;
  }

  clear(): void {
    for (const step of [...this.#marks.keys()]) this.#remove(step);
  }

  #add(step: string, from: number): void {
    const marker = this.#terminal.registerMarker(0);
    // On the alternate screen nothing can be marked.
    if (marker === undefined) return;
    this.#marks.set(step, { from, marker, end: undefined });
    marker.onDispose(() => this.#marks.get(step)?.marker === marker && this.#marks.delete(step));
    const decoration = this.#terminal.registerDecoration({
      marker,
      anchor: 'right',
      // xterm takes 0 for the left edge.
      x: 1,
      width: step.length + 2,
      layer: 'top',
    });
    decoration?.onRender((element) => {
      if (element.firstChild !== null) return;
      const button = makeButton(step, () => this.#goToStep(step), {
        label: texts.toStep(step),
        class: 'terminal-step',
      });
      // Reached by keyboard through the list of steps; the terminal keeps the mouse's other business.
      button.tabIndex = -1;
      button.addEventListener('mousedown', (event) => event.stopPropagation());
      element.append(button);
    });
  }

  #remove(step: string): void {
    const mark = this.#marks.get(step);
    this.#marks.delete(step);
    mark?.marker.dispose();
    mark?.end?.dispose();
  }
}

function samePlace(a: StepView, b: StepView | undefined): boolean {
  return (
    a === b ||
    (a.step === b?.step &&
      a.place?.terminal === b.place?.terminal &&
      a.place?.from === b.place?.from &&
      a.place?.to === b.place?.to)
  );
}
