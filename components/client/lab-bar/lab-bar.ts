import { make, makeButton } from '../dom.ts';
import { labOf } from '../page-state.ts';
import { texts } from '../texts.ts';
import type { BarContext, BarRequests } from './bar-context.ts';
import { HostList } from './host-list.ts';
import { LabActions } from './lab-actions.ts';
import { LabChoice } from './lab-choice.ts';
import { RunActions } from './run-actions.ts';
import { StatusLine } from './status-line.ts';

/** The bar over the page's steps: its lab and its run. */
export class LabBar {
  readonly element: HTMLElement;
  readonly #named: string;
  readonly #choice: LabChoice;
  readonly #hosts: HostList;
  readonly #lab: LabActions;
  readonly #run: RunActions;
  readonly #status: StatusLine;
  readonly #size: ResizeObserver;

  /** `named`: the lab that the page names. */
  constructor(named: string, requests: BarRequests) {
    this.#named = named;
    this.#choice = new LabChoice(requests.chooseLab);
    this.#hosts = new HostList(requests.toggleTerminal);
    this.#lab = new LabActions(requests);
    this.#run = new RunActions(requests);
    this.#status = new StatusLine(requests);
    const more = makeButton(texts.more, () => {
      const open = this.element.classList.toggle('open');
      more.setAttribute('aria-expanded', String(open));
    });
    more.classList.add('bar-more');
    more.setAttribute('aria-expanded', 'false');
    const keyboard = makeButton('?', () => void showKeyboard(), { label: texts.keyboard, class: 'bar-keyboard' });
    this.element = make(
      'section',
      { class: 'tejun-bar not-content', 'aria-label': texts.bar },
      make('div', { class: 'bar-line' }, this.#run.element, this.#choice.element, more, keyboard),
      make('div', { class: 'bar-line bar-detail' }, this.#hosts.element, this.#lab.element),
      this.#status.element,
    );
    // What the bar covers must not cover what a link leads to.
    this.#size = new ResizeObserver(([entry]) => {
      const height = entry?.borderBoxSize[0]?.blockSize ?? 0;
      document.documentElement.style.setProperty('--tejun-bar-height', `${height}px`);
    });
    this.#size.observe(this.element);
  }

  update(context: BarContext): void {
    const { state, connection } = context;
    const lab = labOf(state);
    const connected = connection.kind === 'connected';
    const idle = connected && context.canRun;
    this.element.dataset.connection = connection.kind;
    this.#choice.update(state.labs, lab, this.#named, idle);
    this.#hosts.update(lab?.hosts ?? [], context.terminals, connected);
    this.#lab.update(lab, connected && lab?.busy === undefined && (state.run?.status ?? 'idle') === 'idle');
    this.#run.update(context, this.#named);
    this.#status.update(context);
  }

  /** Gives the bar the focus. */
  focus(): void {
    this.#run.focus();
  }

  close(): void {
    this.#size.disconnect();
    this.element.remove();
  }
}

async function showKeyboard(): Promise<void> {
  const dialog = await import('./keyboard-dialog.ts');
  dialog.showKeyboard();
}
