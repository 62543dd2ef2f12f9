import { join } from 'node:path';
import { type ClientMessage, protocolVersion } from '../../core/protocol/client-message.ts';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import { factsOf } from '../../core/runbook/facts.ts';
import { defaultLab, listLabs } from '../labs/load.ts';
import { readPage } from '../runbooks/read-page.ts';
import { refuseUnknown } from '../runbooks/refuse-unknown.ts';
import type { Connection, Live, Visitor } from '../server/connection.ts';
import { LabDesk } from './lab-desk.ts';
import { type Limits, usualLimits } from './limits.ts';
import { PageVisitor } from './page-visitor.ts';
import { Questions } from './questions.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { TerminalWatcher } from './terminal-watcher.ts';

/** Where the labs and runs that pages ask for are. */
export type LiveOptions = {
  /** The checkout. */
  readonly root: string;
  /** `.tejun` in it. */
  readonly state: string;
  /** Aborted when the server ends; `close` comes after it. */
  readonly signal: AbortSignal;
  readonly limits?: Partial<Limits>;
};

/** What is behind the server: labs, runs and terminals for its pages. */
export function createLive(options: LiveOptions): Live {
  return new House(options);
}

class House implements Live {
  readonly #options: LiveOptions;
  readonly #limits: Limits;
  readonly #visitors = new Set<PageVisitor>();
  readonly #desks = new Map<string, LabDesk>();
  readonly #questions: Questions;
  #closed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#limits = { ...usualLimits, ...options.limits };
    this.#questions = new Questions({
      tell: (runbook, message) => this.#tell(message, (visitor) => visitor.runbook === runbook),
      isThere: (runbook) => [...this.#visitors].some((visitor) => visitor.runbook === runbook),
      patience: this.#limits.unanswered,
    });
  }

  connected(connection: Connection): Visitor {
    const visitor = new PageVisitor(
      connection,
      (page, message) => this.#handle(page, message),
      (page) => {
        this.#visitors.delete(page);
        this.#questions.audienceChanged();
      },
    );
    this.#visitors.add(visitor);
    return visitor;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#desks.values()].map((desk) => desk.close()));
    for (const visitor of [...this.#visitors]) visitor.gone();
  }

  #handle(visitor: PageVisitor, message: ClientMessage): Promise<void> | void {
    if (this.#closed) throw new Refusal('the runner is ending', 'start it again');
    switch (message.kind) {
      case 'hello':
        return this.#hello(visitor, message);
      case 'run':
        this.#moveTo(visitor, message.lab);
        return this.#desk(message.lab).control.run(message);
      case 'resume':
        return this.#desk(message.lab).control.resume(message);
      case 'stop':
        return this.#desk(message.lab).control.stop(message);
      case 'answer':
        return this.#answer(message);
      case 'lab':
        return this.#desk(message.lab).act(message, this.#options.signal);
      case 'choose':
        return this.#desk(message.lab).room.choose(factsOf(message.facts));
      case 'watch':
        return this.#watch(visitor, message);
      case 'unwatch':
        return visitor.unwatch(placeOf(message));
      case 'drawn': {
        const watching = visitor.watching(placeOf(message));
        return watching?.terminal.drawn(watching.watcher, message.offset);
      }
      case 'topology':
        return this.#watchTopology(visitor, message);
      case 'keys':
        return this.#keys(visitor, message);
      case 'resize':
        return visitor.watching(placeOf(message))?.terminal.resize(message);
    }
  }

  async #hello(visitor: PageVisitor, message: Extract<ClientMessage, { kind: 'hello' }>): Promise<void> {
    if (message.version !== protocolVersion) {
      visitor.send({ kind: 'reload', why: 'the page is of another version than the runner' });
      return;
    }
    visitor.runbook = message.runbook;
    this.#questions.audienceChanged();
    const problems: unknown[] = [];
    const names = listLabs(this.#options.root);
    const desks = names.flatMap((name): readonly LabDesk[] => {
      try {
        return [this.#desk(name)];
      } catch (error) {
        problems.push(error);
        return [];
      }
    });
    let named: readonly string[] = [];
    try {
      const runbook = message.runbook === undefined ? undefined : readPage(this.#options.root, message.runbook);
      named = runbook?.labs ?? [];
      const lab = named[0] ?? defaultLab;
      // Of its hosts and checkpoint is told when it is to run.
      if (runbook !== undefined && runbook.steps.length > 0)
        refuseUnknown(this.#options.root, [{ runbook, steps: [], lab, start: 'as-is' }]);
    } catch (error) {
      problems.push(error);
    }
    const known = (lab: string | undefined): string | undefined =>
      desks.find(({ room }) => room.lab.name === lab)?.room.lab.name;
    const lab = known(message.lab) ?? known(named.find(known)) ?? known(defaultLab) ?? desks[0]?.room.lab.name;
    if (lab !== undefined) this.#moveTo(visitor, lab);
    await Promise.all(desks.map((desk) => desk.room.seen()));
    visitor.send({ kind: 'welcome', version: protocolVersion, labs: desks.map(({ room }) => room.view), lab });
    if (lab !== undefined && message.runbook !== undefined) {
      try {
        for (const each of this.#desk(lab).runbooks.messages(message.runbook)) visitor.send(each);
      } catch (error) {
        if (problems.length === 0) problems.push(error);
      }
      for (const question of this.#questions.of(message.runbook)) visitor.send(question);
    }
    for (const problem of problems) {
      const { message: what, hint } = refusalOf(problem);
      visitor.send({ kind: 'refused', request: undefined, what, hint });
    }
  }

  /** From now on the page is about this lab. */
  #moveTo(visitor: PageVisitor, lab: string): void {
    const { room } = this.#desk(lab);
    if (visitor.lab === lab && visitor.endLook !== undefined) return;
    visitor.endLook?.();
    visitor.lab = lab;
    visitor.endLook = room.look();
  }

  #answer({ ask, answer }: Extract<ClientMessage, { kind: 'answer' }>): void {
    const question = this.#questions.answer(ask, answer);
    if (question !== undefined && answer === 'rest' && !question.disposable) {
      throw new Refusal(
        `the lab ${question.lab} is not made to be thrown away: each dangerous step is asked about`,
        'answer for this step alone',
      );
    }
  }

  async #watch(visitor: PageVisitor, message: Extract<ClientMessage, { kind: 'watch' }>): Promise<void> {
    const { lab, host, columns, rows } = message;
    const terminal = await this.#desk(lab).room.terminal(host);
    const watcher = new TerminalWatcher(lab, host, (each) => visitor.send(each), this.#limits);
    if (!visitor.isHere) return;
    visitor.watch(placeOf(message), { terminal, watcher });
    await terminal.watch(watcher, { terminal: message.terminal, from: message.from }, { columns, rows });
    if (visitor.watching(placeOf(message))?.watcher !== watcher) terminal.unwatch(watcher);
  }

  #watchTopology(visitor: PageVisitor, { lab, watch }: Extract<ClientMessage, { kind: 'topology' }>): void {
    visitor.topology?.end();
    visitor.topology = undefined;
    if (!watch) return;
    const { topology } = this.#desk(lab);
    visitor.topology = { lab, end: topology.watch() };
    visitor.send({ kind: 'topology', lab, topology: topology.newest });
  }

  #keys(visitor: PageVisitor, message: Extract<ClientMessage, { kind: 'keys' }>): void {
    const { lab } = this.#desk(message.lab).room;
    if (!lab.typing) {
      throw new Refusal(
        `readers may not type into the terminals of the lab ${lab.name}`,
        `\`typing: true\` in labs/${lab.name}/lab.yaml allows it`,
      );
    }
    visitor.watching(placeOf(message))?.terminal.type(message.data);
  }

  #desk(name: string): LabDesk {
    const known = this.#desks.get(name);
    if (known !== undefined) return known;
    const { root, state, signal } = this.#options;
    if (!listLabs(root).includes(name)) {
      throw new Refusal(`there is no lab ${name}`, `there are ${listLabs(root).join(', ')}`);
    }
    const desk = new LabDesk(name, {
      root,
      state,
      runs: join(state, 'runs'),
      signal,
      limits: this.#limits,
      questions: this.#questions,
      tellAll: (message) => this.#tell(message, ({ lab }) => lab !== undefined),
      tell: (runbook, message) => this.#tell(message, (visitor) => visitor.runbook === runbook && visitor.lab === name),
      tellWatching: (message) => this.#tell(message, ({ topology }) => topology?.lab === name),
    });
    this.#desks.set(name, desk);
    return desk;
  }

  #tell(message: ServerMessage, whom: (visitor: PageVisitor) => boolean): void {
    for (const visitor of this.#visitors) if (whom(visitor)) visitor.send(message);
  }
}

function placeOf({ lab, host }: { readonly lab: string; readonly host: string }): string {
  return `${lab} ${host}`;
}
