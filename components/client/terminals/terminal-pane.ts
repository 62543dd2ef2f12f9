import type { StepView } from '../../../core/protocol/server-message.ts';
import { Disclosure } from '../disclosure.ts';
import { make, makeButton, setAttribute, setText, show } from '../dom.ts';
import { texts } from '../texts.ts';
import { DrawnReports } from './drawn-reports.ts';
import { keyPieces } from './key-pieces.ts';
import type { TerminalContext, TerminalMessage, TerminalState } from './terminal-context.ts';
import { TerminalScreen } from './terminal-screen.ts';

/** How a pane stands with its terminal. */
type Watching =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'ended'; readonly why: string };

/** One host's terminal with its own small bar. */
export class TerminalPane {
  readonly host: string;
  readonly element: HTMLElement;
  readonly #lab: string;
  readonly #context: TerminalContext;
  readonly #status = make('span', { class: 'terminal-status', role: 'status' });
  readonly #tip = make('span', { class: 'terminal-tip', hidden: true });
  readonly #again: HTMLButtonElement;
  readonly #steps: Disclosure;
  readonly #screen: TerminalScreen;
  readonly #drawn: DrawnReports;
  readonly #size: ResizeObserver;
  #watching: Watching = { kind: 'opening' };
  #terminal: string | undefined;
  #typing = false;
  /** The life of the lab that the pane last knew. */
  #instance: string | undefined;
  #places: readonly StepView[] = [];
  #wanted: StepView | undefined;
  #sizeTimer: ReturnType<typeof setTimeout> | undefined;
  #sent = '';

  constructor(parent: HTMLElement, host: string, lab: string, context: TerminalContext, closePane: () => void) {
    this.host = host;
    this.#lab = lab;
    this.#context = context;
    this.#again = makeButton(texts.openAgain, () => this.#watch());
    this.#steps = new Disclosure(texts.stepsHere, texts.stepsHereName(host), 'terminal-steps');
    this.#steps.button.addEventListener('click', () => this.#listSteps());
    const reader = makeButton(
      texts.screenReader,
      () => {
        const on = reader.getAttribute('aria-pressed') !== 'true';
        setAttribute(reader, 'aria-pressed', String(on));
        this.#screen.setScreenReader(on);
      },
      { label: texts.screenReaderName },
    );
    reader.setAttribute('aria-pressed', 'false');
    const screen = make('div', { class: 'terminal-screen' });
    this.element = make(
      'section',
      { class: 'terminal-pane', 'aria-label': texts.terminalOn(host) },
      make(
        'header',
        { class: 'terminal-head' },
        make('strong', {}, host),
        this.#status,
        this.#again,
        make('span', { class: 'terminal-hint' }, texts.leaveHint),
        this.#steps.element,
        reader,
        makeButton('✕', closePane, { label: texts.closeTerminal(host) }),
      ),
      screen,
      this.#tip,
    );
    // Drawing needs a place in the page whose size can be measured.
    parent.append(this.element);
    this.#drawn = new DrawnReports((offset) => context.send({ kind: 'drawn', lab, host, offset }));
    this.#screen = new TerminalScreen(screen, texts.terminalOn(host), {
      keys: (data) => this.#type(data),
      drawn: (offset) => {
        this.#drawn.drawn(offset);
        this.#showWanted();
      },
      leave: context.leave,
      goToStep: context.goToStep,
      tip: (text) => {
        show(this.#tip, text !== undefined);
        setText(this.#tip, text ?? '');
      },
    });
    this.#size = new ResizeObserver(() => {
      clearTimeout(this.#sizeTimer);
      this.#sizeTimer = setTimeout(() => this.#resized(), 100);
    });
    this.#size.observe(screen);
    this.#watch();
  }

  update(state: TerminalState): void {
    this.#typing = state.lab.typing;
    const { instance } = state.lab;
    const cameUp = instance !== undefined && instance !== this.#instance;
    this.#instance = instance;
    this.#places = [...state.steps.values()].filter((view) => view.host === this.host);
    this.#setPlaces();
    if (!state.connected && this.#watching.kind !== 'ended') this.#become({ kind: 'offline' });
    else if (state.connected && (this.#watching.kind === 'offline' || (this.#watching.kind === 'ended' && cameUp))) {
      this.#watch();
    } else this.#become(this.#watching);
  }

  receive(message: TerminalMessage): void {
    switch (message.kind) {
      case 'terminal': {
        const isNew = message.terminal !== this.#terminal;
        const leftOut = message.offset > (isNew ? 0 : this.#screen.received);
        this.#terminal = message.terminal;
        if (isNew || leftOut) this.#screen.begin(message.offset, isNew);
        if (leftOut) this.#screen.note(texts.outputLost);
        this.#screen.resize(message.columns, message.rows);
        this.#setPlaces();
        this.#become({ kind: 'open' });
        break;
      }
      case 'output':
        if (message.terminal === this.#terminal) this.#screen.write(message.data, message.offset);
        break;
      case 'terminal-ended':
        if (message.terminal === this.#terminal) this.#become({ kind: 'ended', why: message.why });
        break;
    }
  }

  refused(why: string): void {
    this.#become({ kind: 'ended', why });
  }

  /** Shows a step's place, as soon as it is drawn. */
  showStep(view: StepView): void {
    this.#wanted = view;
    this.#showWanted();
  }

  focus(): void {
    this.#screen.focus();
  }

  close(): void {
    this.#context.send({ kind: 'unwatch', lab: this.#lab, host: this.host });
    clearTimeout(this.#sizeTimer);
    this.#size.disconnect();
    this.#drawn.close();
    this.#steps.close();
    this.#screen.close();
    this.element.remove();
  }

  #watch(): void {
    const { columns, rows } = this.#screen.room() ?? { columns: 80, rows: 24 };
    const known = this.#terminal === undefined ? {} : { terminal: this.#terminal, from: this.#screen.received };
    this.#sent = `${columns} ${rows}`;
    const { host } = this;
    const request = this.#context.request(host);
    const sent = this.#context.send({ kind: 'watch', request, lab: this.#lab, host, columns, rows, ...known });
    this.#become({ kind: sent ? 'opening' : 'offline' });
  }

  #type(data: string): void {
    if (!this.#typing || this.#watching.kind !== 'open') return;
    for (const piece of keyPieces(data)) {
      this.#context.send({ kind: 'keys', lab: this.#lab, host: this.host, data: piece });
    }
  }

  #resized(): void {
    this.#screen.measure();
    const room = this.#screen.room();
    if (room === undefined || this.#watching.kind !== 'open') return;
    const text = `${room.columns} ${room.rows}`;
    if (text === this.#sent) return;
    this.#sent = text;
    // Drawn in the new size only when the runner says so: a run has a size of its own.
    this.#context.send({ kind: 'resize', lab: this.#lab, host: this.host, ...room });
  }

  #setPlaces(): void {
    this.#screen.setPlaces(this.#places.filter((view) => view.place?.terminal === this.#terminal));
  }

  #become(watching: Watching): void {
    this.#watching = watching;
    this.element.dataset.state = watching.kind;
    const text = watching.kind === 'ended' ? texts.ended(watching.why) : texts[watching.kind];
    setText(this.#status, watching.kind === 'open' && !this.#typing ? texts.readOnly : text);
    show(this.#again, watching.kind === 'ended');
    this.#screen.permitTyping(this.#typing && watching.kind === 'open');
  }

  #showWanted(): void {
    const view = this.#wanted;
    if (view === undefined || this.#watching.kind === 'opening') return;
    const { place } = view;
    // Not drawn yet: this is asked again when more is.
    if (place !== undefined && place.terminal === this.#terminal && (place.to ?? place.from) > this.#screen.drawn)
      return;
    this.#wanted = undefined;
    if (!this.#screen.showStep(view.step)) this.#context.say(texts.notInTerminal(view.step));
  }

  #listSteps(): void {
    const buttons = this.#screen.steps.map((step) =>
      makeButton(
        step,
        () => {
          this.#steps.toggle(false);
          this.#context.goToStep(step);
        },
        { label: texts.toStep(step) },
      ),
    );
    this.#steps.panel.replaceChildren(...buttons);
  }
}
