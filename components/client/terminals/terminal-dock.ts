import xtermStyles from '@xterm/xterm/css/xterm.css?inline';
import type { StepView } from '../../../core/protocol/server-message.ts';
import { make, makeButton, show } from '../dom.ts';
import { texts } from '../texts.ts';
import { DockHeight } from './dock-height.ts';
import type { TerminalContext, TerminalMessage, TerminalState } from './terminal-context.ts';
import dockStyles from './terminal-dock.css?inline';
import { TerminalPane } from './terminal-pane.ts';

/** The terminals at the bottom of the page, side by side. */
export class TerminalDock {
  readonly #context: TerminalContext;
  readonly #panes = new Map<string, TerminalPane>();
  readonly #row = make('div', { class: 'dock-panes' });
  readonly #element: HTMLElement;
  readonly #height: DockHeight;
  #state: TerminalState | undefined;

  constructor(context: TerminalContext) {
    this.#context = context;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`${xtermStyles}\n${dockStyles}`);
    document.adoptedStyleSheets.push(sheet);
    this.#height = new DockHeight((height) => {
      document.documentElement.style.setProperty('--tejun-dock-height', `${height}px`);
    });
    const closeAll = makeButton('✕', () => this.closeAll(), { label: texts.closeTerminals, class: 'dock-close' });
    this.#element = make(
      'section',
      { class: 'tejun-dock not-content', 'aria-label': texts.terminals, hidden: true },
      this.#height.element,
      closeAll,
      this.#row,
    );
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
    show(this.#element, true);
    document.documentElement.classList.add('tejun-dock-open');
    let pane = this.#panes.get(host);
    if (pane === undefined) {
      pane = new TerminalPane(this.#row, host, lab.lab, this.#context, () => this.close(host));
      this.#panes.set(host, pane);
      if (this.#state !== undefined) pane.update(this.#state);
      this.#context.changed([...this.#panes.keys()]);
    }
    if (focus) pane.focus();
  }

  close(host: string): void {
    const had = this.#element.contains(document.activeElement);
    this.#panes.get(host)?.close();
    this.#panes.delete(host);
    const none = this.#panes.size === 0;
    show(this.#element, !none);
    document.documentElement.classList.toggle('tejun-dock-open', !none);
    this.#context.changed([...this.#panes.keys()]);
    if (!had) return;
    if (none) this.#context.leave();
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
}
