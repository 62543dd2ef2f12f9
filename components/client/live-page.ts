import type { ServerMessage, StepView } from '../../core/protocol/server-message.ts';
import { Announcer } from './announcer.ts';
import { chooseLab, chosenLab } from './chosen-lab.ts';
import { Connection } from './connection.ts';
import type { DangerQuestions } from './danger/danger-questions.ts';
import { LabBar } from './lab-bar/lab-bar.ts';
import { type PageRequests, pageRequests } from './page-requests.ts';
import { afterMessage, type KeptState, labOf, silentPage } from './page-state.ts';
import { contextOf, namedSteps } from './page-steps.ts';
import { Painter } from './painter.ts';
import { pageProtocolVersion } from './protocol-version.ts';
import { reloadOnce, whyReloaded } from './reload.ts';
import { type Refusal, Requests } from './requests.ts';
import { summarise, summaryText } from './run-summary.ts';
import type { StepContext } from './steps/step-context.ts';
import { StepPanel } from './steps/step-panel.ts';
import { TerminalDoor } from './terminals/terminal-door.ts';
import { texts } from './texts.ts';
import { Ticker } from './ticker.ts';
import { TopologyDoor } from './topology-door.ts';
import { verdictNews } from './verdict-news.ts';

/** Milliseconds of a frame for the steps' part of it; the browser needs the rest for the layout. */
const frameShare = 5;

/** A page with steps, connected to its runner. */
export class LivePage {
  readonly #named: { readonly lab: string; readonly checkpoint: string | undefined };
  readonly #announcer = new Announcer();
  readonly #ticker = new Ticker();
  readonly #requests = new Requests();
  readonly #ask: PageRequests;
  readonly #panels: readonly StepPanel[];
  readonly #bar: LabBar;
  readonly #terminals: TerminalDoor;
  readonly #topology: TopologyDoor;
  readonly #painter = new Painter(() => this.#paint());
  readonly #connection: Connection;
  #state: KeptState;
  #questions: Promise<DangerQuestions> | undefined;
  #received = new WeakMap<StepView, number>();
  /** The context that all steps were last given, and the index of the step that is painted next. */
  #context: StepContext | undefined;
  #next = 0;
  #refusal: Refusal | undefined;
  #outdated = false;
  /** Something was asked for that the runner has not yet taken up. */
  #asked = false;

  /** `mount` is the line above the page's steps. */
  constructor(mount: HTMLElement) {
    const { runbook = '', lab = '', checkpoint } = mount.dataset;
    this.#named = { lab, checkpoint };
    this.#state = silentPage(runbook);
    this.#ask = pageRequests({
      requests: this.#requests,
      state: () => this.#state,
      panels: () => this.#panels,
      checkpoint: () => this.#checkpoint(),
      send: (message) => {
        this.#refusal = undefined;
        // Pressed twice it would be refused the second time: painted at once, before another key can come.
        this.#asked = this.#connection.send(message) && message.kind !== 'stop';
        if (this.#paint()) this.#painter.request();
      },
    });
    const say = (text: string): void => this.#announcer.say(text);
    this.#terminals = new TerminalDoor(
      {
        send: (message) => this.#connection.send(message),
        request: (terminal) => this.#requests.number({ terminal }),
        goToStep: (step) => this.#panel(step)?.focus(),
        leave: () => this.#bar.focus(),
        say,
      },
      () => this.#painter.request(),
    );
    this.#panels = Array.from(document.querySelectorAll<HTMLElement>('section.tejun-step'), (section) => {
      const requests = {
        // Its button may not have been painted since.
        run: (step: string, mode: 'step' | 'from') => this.#canRun && this.#ask.run(step, mode),
        stop: this.#ask.stop,
        showInTerminal: (view: StepView) => void this.#showInTerminal(view),
        move: (step: string, by: 1 | -1) => this.#move(step, by),
        say,
      };
      return new StepPanel(section, requests, this.#ticker);
    });
    this.#bar = new LabBar(lab, {
      chooseLab: (chosen) => {
        chooseLab(runbook, chosen);
        this.#connection.restart();
      },
      lab: (action, to) => void this.#ask.lab(action, to),
      choose: this.#ask.choose,
      runAll: () => void this.#ask.runAll(),
      stop: this.#ask.stop,
      resume: this.#ask.resume,
      toStep: (step) => this.#panel(step)?.focus(),
      toggleTerminal: (host) => void this.#terminals.toggle(host),
      dismiss: () => {
        this.#refusal = undefined;
        this.#painter.request();
      },
    });
    mount.after(this.#bar.element);
    this.#topology = new TopologyDoor(this.#bar.element, { send: (message) => this.#connection.send(message), say });
    this.#connection = new Connection({
      hello: () => {
        const chosen = chosenLab(runbook);
        return {
          kind: 'hello',
          version: pageProtocolVersion,
          runbook,
          ...(chosen === undefined ? {} : { lab: chosen }),
        };
      },
      message: (message) => this.#receive(message),
      state: (state) => {
        this.#asked = false;
        if (state.kind !== 'connected') void this.#questions?.then((questions) => questions.close());
        this.#painter.request();
      },
    });
    const why = whyReloaded();
    if (why !== undefined) this.#refusal = { what: texts.wasReloaded, hint: why };
    if (this.#paint()) this.#painter.request();
  }

  #receive(message: ServerMessage): void {
    const before = this.#state;
    const known = message.kind === 'step' ? before.steps.get(message.view.step) : undefined;
    this.#state = afterMessage(before, message);
    switch (message.kind) {
      case 'reload':
        this.#outdated = !reloadOnce(message.why);
        break;
      case 'ask':
        if (message.runbook === this.#state.runbook) {
          this.#questions ??= this.#loadQuestions();
          void this.#questions.then((questions) => questions.receive(message));
        }
        break;
      case 'answered':
        void this.#questions?.then((questions) => questions.answered(message.ask));
        break;
      case 'terminal':
      case 'output':
      case 'terminal-ended':
        // Not painted: terminals draw themselves.
        this.#terminals.receive(message);
        return;
      case 'topology':
        this.#topology.receive(message);
        return;
      case 'step': {
        if (this.#state === before) return;
        this.#received.set(message.view, performance.now());
        const news = verdictNews(known, message.view);
        if (news !== undefined) this.#announcer.say(news);
        // A place that is told before its output comes can be marked to the character.
        if (message.view.place !== undefined) this.#tellTerminals();
        break;
      }
      case 'run':
        if (this.#state.run?.status === 'idle' && (before.run?.status ?? 'idle') !== 'idle') {
          this.#announcer.say(summaryText(summarise(namedSteps(this.#panels), this.#state.steps)));
        }
        this.#asked = false;
        break;
      case 'lab':
        if (message.view.busy !== undefined) this.#asked = false;
        break;
      case 'refused':
      case 'done': {
        this.#asked = false;
        const refusal = this.#requests.refusal(message);
        if (refusal?.terminal === undefined) this.#refusal = refusal ?? this.#refusal;
        else this.#terminals.refused(refusal.terminal, `${refusal.what}; ${refusal.hint}`);
        break;
      }
    }
    this.#painter.request();
  }

  get #canRun(): boolean {
    const lab = labOf(this.#state);
    const idle = lab !== undefined && lab.busy === undefined && (this.#state.run?.status ?? 'idle') === 'idle';
    return this.#connection.state.kind === 'connected' && idle && !this.#asked;
  }

  /** Gives back whether steps are left to be painted. */
  #paint(): boolean {
    const state = this.#state;
    const { state: connection } = this.#connection;
    const connected = connection.kind === 'connected';
    const canRun = this.#canRun;
    const asOf =
      'since' in connection ? new Date(connection.since).toLocaleTimeString(document.documentElement.lang) : undefined;
    this.#context = contextOf(state, { canRun, canStop: connected, asOf }, this.#context);
    const left = this.#paintSteps(this.#context);
    this.#bar.update({
      state,
      connection,
      asOf,
      canRun,
      canStop: connected,
      steps: namedSteps(this.#panels),
      checkpoint: this.#checkpoint(),
      refusal: this.#refusal,
      outdated: this.#outdated,
      terminals: this.#terminals.hosts,
    });
    this.#tellTerminals();
    return left;
  }

  /** Paints steps that have changed, for as long as a frame has time; gives back whether some are left. */
  #paintSteps(context: StepContext): boolean {
    const count = this.#panels.length;
    const until = performance.now() + frameShare;
    for (let painted = 0; painted < count; painted++) {
      if (performance.now() > until) return true;
      const panel = this.#panels[this.#next % count];
      this.#next = (this.#next + 1) % count;
      const view = panel && this.#state.steps.get(panel.id);
      panel?.update(view, (view && this.#received.get(view)) ?? 0, context);
    }
    return false;
  }

  #tellTerminals(): void {
    const lab = labOf(this.#state);
    const connected = this.#connection.state.kind === 'connected';
    this.#topology.update(lab, connected);
    if (lab !== undefined) this.#terminals.update({ connected, lab, steps: this.#state.steps });
  }

  /** To which Run all resets the lab: the page's checkpoint, where the lab has it. */
  #checkpoint(): string | undefined {
    const { checkpoint } = this.#named;
    const lab = labOf(this.#state);
    return checkpoint !== undefined && (lab?.checkpoints.includes(checkpoint) ?? true) ? checkpoint : undefined;
  }

  async #showInTerminal(view: StepView): Promise<void> {
    await this.#terminals.show(view);
    // The terminals may have opened over it.
    this.#panel(view.step)?.reveal();
  }

  async #loadQuestions(): Promise<DangerQuestions> {
    const { DangerQuestions } = await import('./danger/danger-questions.ts');
    return new DangerQuestions((ask, answer) => this.#connection.send({ kind: 'answer', ask, answer }));
  }

  #panel(step: string): StepPanel | undefined {
    return this.#panels.find((panel) => panel.id === step);
  }

  #move(step: string, by: 1 | -1): void {
    this.#panels[this.#panels.findIndex((panel) => panel.id === step) + by]?.focus();
  }
}
