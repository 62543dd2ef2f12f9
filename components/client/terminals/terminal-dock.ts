import xtermStyles from '@xterm/xterm/css/xterm.css?inline';
import type { StepView } from '../../../core/protocol/server-message.ts';
import { adoptStyles } from '../adopt-styles.ts';
import { make, makeButton, show } from '../dom.ts';
import { texts } from '../texts.ts';
import { DockHeight } from './dock-height.ts';
import type { TerminalContext, TerminalMessage, TerminalState } from './terminal-context.ts';
import dockStyles from './terminal-dock.css?inline';
import { TerminalPane } from './terminal-pane.ts';

/** The terminals at the bottom of the page, side by side. */
export class TerminalDock {
  readonly #context: TerminalContext;
  readonly #elsewhere: () => void;
  readonly #panes = new Map<string, TerminalPane>();
  readonly #row = make('div', { class: 'dock-panes' });
  readonly #element: HTMLElement;
  readonly #height: DockHeight;
  readonly #closeAll: HTMLButtonElement;
  #state: TerminalState | undefined;
  /** Where the focus was before it came here. */
  #cameFrom: HTMLElement | undefined;

  constructor(context: TerminalContext) {
    this.#context = { ...context, leave: () => this.#leave() };
    adoptStyles(`${xtermStyles}\n${dockStyles}`);
    this.#height = new DockHeight((height) => {
      document.documentElement.style.setProperty('--tejun-dock-height', `${height}px`);
    });
    this.#closeAll = makeButton('✕', () => this.closeAll(), { label: texts.closeTerminals, class: 'dock-close' });
    this.#element = make(
      'section',
      { class: 'tejun-dock not-content', 'aria-label': texts.terminals, hidden: true },
      this.#height.element,
      this.#closeAll,
      this.#row,
    );
    this.#element.addEventListener('focusin', ({ relatedTarget }) => {
      if (relatedTarget instanceof HTMLElement && !this.#element.contains(relatedTarget))
        this.#cameFrom = relatedTarget;
    });
    this.#elsewhere = context.leave;
    document.body.append(this.#element);
  }

  isOpen(host: string): boolean {
    return this.#panes.has(host);
  }

  update(state: TerminalState): void {
    this.#state = state;
    for (const pane of this.#panes.values()) pane.update(state);
  }

  open(host: string, focus: boolean): void {
    const { lab } = this.#state ?? {};
    if (lab === undefined) return;
    // What is not laid out cannot be measured.
    show(this.#element, true);
    let pane = this.#panes.get(host);
    if (pane === undefined) {
      pane = new TerminalPane(this.#row, host, lab.lab, this.#context, () => this.close(host));
      this.#panes.set(host, pane);
      if (this.#state !== undefined) pane.update(this.#state);
      this.#changed();
    }
    if (focus) pane.focus();
  }

  close(host: string): void {
    const had = this.#element.contains(document.activeElement);
    this.#panes.get(host)?.close();
    this.#panes.delete(host);
    this.#changed();
    if (!had) return;
    if (this.#panes.size === 0) this.#leave();
    else [...this.#panes.values()].at(-1)?.focus();
  }

  closeAll(): void {
    for (const host of [...this.#panes.keys()]) this.close(host);
  }

  receive(message: TerminalMessage): void {
    if (message.lab === this.#state?.lab.lab) this.#panes.get(message.host)?.receive(message);
  }

  refused(host: string, why: string): void {
    this.#panes.get(host)?.refused(why);
  }

  showStep(view: StepView): void {
    const pane = this.#panes.get(view.host);
    pane?.showStep(view);
    pane?.focus();
  }

  /** Gives the focus back. */
  #leave(): void {
    if (this.#cameFrom?.isConnected) this.#cameFrom.focus({ preventScroll: true });
    if (this.#element.contains(document.activeElement) || document.activeElement === document.body) this.#elsewhere();
  }

  #changed(): void {
    const count = this.#panes.size;
    show(this.#element, count > 0);
    show(this.#closeAll, count > 1);
    document.documentElement.classList.toggle('tejun-dock-open', count > 0);
    this.#context.changed([...this.#panes.keys()]);
  }
}
