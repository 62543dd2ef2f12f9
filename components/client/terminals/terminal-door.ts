import type { StepView } from '../../../core/protocol/server-message.ts';
import { type RememberedTerminals, rememberedTerminals, rememberTerminals } from './remembered-terminals.ts';
import type { TerminalContext, TerminalMessage, TerminalState } from './terminal-context.ts';
import type { TerminalDock } from './terminal-dock.ts';

/** The way to the terminals. Their code is loaded when the first is opened. */
export class TerminalDoor {
  readonly #context: Omit<TerminalContext, 'changed'>;
  readonly #changed: () => void;
  readonly #remembered: RememberedTerminals | undefined = rememberedTerminals();
  #dock: Promise<TerminalDock> | undefined;
  #loaded: TerminalDock | undefined;
  #state: TerminalState | undefined;
  #restored = false;
  /** Hosts whose terminals are open. */
  hosts: ReadonlySet<string> = new Set();

  /** `changed`: other terminals are open than before. */
  constructor(context: Omit<TerminalContext, 'changed'>, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
  }

  /** Tells the terminals how the page stands; opens those that were open before a reload. */
  update(state: TerminalState): void {
    const before = this.#state;
    this.#state = state;
    if (before !== undefined && before.lab.lab !== state.lab.lab) this.#loaded?.closeAll();
    this.#loaded?.update(state);
    if (this.#restored || !state.connected) return;
    this.#restored = true;
    const { lab } = state;
    if (this.#remembered?.lab !== lab.lab) return;
    for (const { host } of lab.hosts) if (this.#remembered.hosts.includes(host)) void this.#open(host, false);
  }

  async toggle(host: string): Promise<void> {
    if (this.#loaded?.isOpen(host)) this.#loaded.close(host);
    else await this.#open(host, true);
  }

  /** Shows where a step ran. */
  async show(view: StepView): Promise<void> {
    const dock = await this.#open(view.host, true);
    dock?.showStep(view);
  }

  receive(message: TerminalMessage): void {
    this.#loaded?.receive(message);
  }

  /** The runner would not let the page watch a host's terminal. */
  refused(host: string, why: string): void {
    this.#loaded?.refused(host, why);
  }

  async #open(host: string, focus: boolean): Promise<TerminalDock | undefined> {
    this.#dock ??= this.#load();
    const dock = await this.#dock.catch(() => undefined);
    // Could not be loaded, as when the runner is gone: the next time it is tried again.
    if (dock === undefined) this.#dock = undefined;
    if (dock === undefined || this.#state === undefined) return undefined;
    dock.update(this.#state);
    dock.open(host, focus);
    return dock;
  }

  async #load(): Promise<TerminalDock> {
    const { TerminalDock } = await import('./terminal-dock.ts');
    this.#loaded = new TerminalDock({
      ...this.#context,
      changed: (hosts) => {
        this.hosts = new Set(hosts);
        if (this.#state !== undefined) rememberTerminals({ lab: this.#state.lab.lab, hosts });
        this.#changed();
      },
    });
    return this.#loaded;
  }
}
