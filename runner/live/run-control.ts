import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { RunEvent } from '../../core/run/model.ts';
import type { Runbook, Step } from '../../core/runbook/model.ts';
import { isInSql } from '../../core/runbook/sql-step.ts';
import type { ExecutionListener } from '../executor/executor.ts';
import { BatchFolder } from '../recorder/batch.ts';
import { createRedactor } from '../recorder/redactor.ts';
import { chosenSteps, factsOf, hostsOf, type PlannedRun, refuseChanged } from '../runbooks/planned-run.ts';
import { refuseUnknown } from '../runbooks/refuse-unknown.ts';
import { refuseUndecided, runRunbook } from '../runbooks/run-runbook.ts';
import { secretValues, variablesOf } from '../runbooks/values.ts';
import { openSession } from '../sessions/open.ts';
import type { Session } from '../sessions/session.ts';
import type { LabRoom } from './lab-room.ts';
import type { LabRunbooks } from './lab-runbooks.ts';
import type { Questions } from './questions.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { checkRequest, pageOf } from './run-request.ts';
import { SharedSession } from './shared-session.ts';
import { shownCommand } from './shown-outcome.ts';

type Message<K extends ClientMessage['kind']> = Extract<ClientMessage, { kind: K }>;
type Values = Readonly<Record<string, string>>;

/** What runs need of the house. */
export type RunControlOptions = {
  readonly root: string;
  /** Folder of the batches. */
  readonly runs: string;
  readonly room: LabRoom;
  readonly runbooks: LabRunbooks;
  readonly questions: Questions;
  /** Aborted when the server ends. */
  readonly signal: AbortSignal;
};

/** The runs on one lab, one at a time. Steps run by the executor alone. */
export class RunControl {
  readonly #options: RunControlOptions;
  #going: { readonly runbook: string; readonly stop: AbortController; readonly over: Promise<void> } | undefined;
  #count = 0;

  constructor(options: RunControlOptions) {
    this.#options = options;
  }

  /** Runs what a page asks for; resolves when the run is over, rejects when it cannot be begun. */
  async run(message: Message<'run'>): Promise<void> {
    const { room, runbooks, root } = this.#options;
    const { runbook, steps, choice } = checkRequest(root, message);
    const { lab } = room;
    refuseUnknown(root, [{ runbook, steps, lab: lab.name, start: message.mode === 'all' ? 'anew' : 'as-is' }]);
    const variables = variablesOf(runbook, {}, process.env);
    await this.#alone(runbook, async (signal) => {
      // Nobody can choose from here on.
      room.refuseUnshown(message.chosen);
      const anew = message.mode === 'all';
      const progress = (text: string): void => runbooks.prepare(runbook.id, text);
      progress('looking at the lab');
      const fresh = await room.up(progress, signal, hostsOf({ runbook, steps }, lab));
      // A lab that has just come up is at its first checkpoint, where nobody has left anything.
      const there = fresh && (runbook.checkpoint ?? lab.checkpoints[0]) === lab.checkpoints[0];
      if ((anew || fresh) && !there) await room.reset(runbook.checkpoint, progress, signal);
      const earlier = runbooks.history?.newest(runbook.id)?.state;
      const planned: PlannedRun = { runbook, steps, lab: lab.name, start: anew ? 'anew' : 'as-is', earlier };
      await this.#execute(planned, variables, () => this.#newFolder(runbook, choice), signal);
    });
  }

  /** Goes on with the run that a killed runner left. */
  async resume({ runbook: id }: Message<'resume'>): Promise<void> {
    const { room, root, runbooks } = this.#options;
    const runbook = pageOf(root, id);
    const last = this.#going?.runbook === id ? undefined : runbooks.history?.newest(id);
    if (last === undefined || last.state.verdict !== undefined) {
      throw new Refusal(`no run of ${id} on this life of the lab ${room.lab.name} was interrupted`, 'run it anew');
    }
    const { folder, state } = last;
    try {
      refuseChanged(runbook, state);
    } catch (error) {
      throw new Refusal(refusalOf(error).message, 'run it anew, or from a later step on');
    }
    const variables = variablesOf(runbook, folder.batch.variables, process.env);
    await this.#alone(runbook, async (signal) => {
      runbooks.prepare(id, 'looking at the lab');
      await room.hold();
      const steps = chosenSteps(runbook, folder.batch);
      const planned: PlannedRun = { runbook, steps, lab: room.lab.name, start: 'resume', earlier: state };
      await this.#execute(planned, variables, () => folder, signal);
    });
  }

  /** Stops what runs for a runbook; resolves when it is over. */
  async stop({ runbook }: Message<'stop'>): Promise<void> {
    if (this.#going === undefined) return;
    if (this.#going.runbook !== runbook) {
      const { name } = this.#options.room.lab;
      throw new Refusal(`what runs on the lab ${name} is ${this.#going.runbook}`, 'stop it on its own page');
    }
    await this.close();
  }

  /** Stops whatever runs; resolves when it is over. */
  async close(): Promise<void> {
    this.#going?.stop.abort();
    await this.#going?.over;
  }

  async #alone(runbook: Runbook, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { room, runbooks } = this.#options;
    await room.exclusively(`${runbook.id} runs`, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = new AbortController();
      const signal = AbortSignal.any([stop.signal, this.#options.signal]);
      this.#going = { runbook: runbook.id, stop, over: promise };
      try {
        await work(signal);
      } catch (error) {
        // Who stopped it knows.
        if (!signal.aborted) throw error;
      } finally {
        this.#going = undefined;
        runbooks.ended(runbook.id);
        resolve();
      }
    });
  }

  async #execute(planned: PlannedRun, variables: Values, makeFolder: () => BatchFolder, signal: AbortSignal) {
    const { room, runbooks } = this.#options;
    const { runbook, steps, start } = planned;
    const { lab } = room;
    const secrets = secretValues(runbook, variables);
    runbooks.hide(secrets);
    for (const terminal of room.terminals.values()) terminal.hide(secrets);
    const facts = await factsOf(lab);
    refuseUndecided(planned, lab, facts);
    const inShells = steps.filter((step) => !isInSql(step));
    const hosts = hostsOf({ runbook, steps: inShells }, lab);
    const leave = await this.#enter(hosts, start);
    try {
      signal.throwIfAborted();
      const folder = makeFolder();
      const resumed = start === 'resume' ? planned.earlier : undefined;
      const begun = (): void =>
        runbooks.begin(
          runbook,
          steps.map(({ id }) => id),
          folder,
          resumed,
        );
      await runRunbook(planned, {
        lab,
        facts,
        variables,
        signal,
        logPath: folder.log(runbook.id),
        listener: this.#listener(runbook.id, begun),
        confirm: this.#confirm(runbook, secrets, signal),
        openSession: (host, name) => this.#session(host, name),
        openDatabase: (host, database) => room.databases.session(host, database, signal),
      });
    } finally {
      leave();
    }
  }

  /** Refuses while a reader's program runs on one of the hosts; else keeps their terminals at the size for steps. */
  async #enter(hosts: ReadonlySet<string>, start: PlannedRun['start']): Promise<() => void> {
    const leaves: (() => void)[] = [];
    const leave = (): void => {
      for (const each of leaves) each();
    };
    try {
      for (const host of hosts) {
        const terminal = await this.#options.room.terminal(host);
        // A host that cannot be entered is told of by the step that needs it.
        const life = await terminal.open().catch(() => undefined);
        const busy = start === 'resume' ? undefined : await life?.session.busy();
        if (busy !== undefined) {
          throw new Refusal(`the terminal on ${host} is busy with ${busy}`, 'end it there (Ctrl-C), or wait');
        }
        leaves.push(await terminal.enterRun());
      }
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  async #session(host: string, name: string): Promise<Session> {
    const { room } = this.#options;
    if (name !== 'steps') return openSession(room.lab.access(host), name);
    const terminal = await room.terminal(host);
    return new SharedSession((await terminal.open()).session);
  }

  #listener(runbook: string, begun: () => void): ExecutionListener {
    const { runbooks } = this.#options;
    return {
      event: (event: RunEvent) => {
        if (event.kind === 'run-started' || event.kind === 'run-resumed') begun();
        runbooks.event(runbook, event);
      },
      preview: (step, preview) => runbooks.preview(runbook, step, preview),
    };
  }

  #confirm(runbook: Runbook, secrets: readonly string[], signal: AbortSignal) {
    const { questions, room } = this.#options;
    const { name: lab, disposable } = room.lab;
    let rest = false;
    return async (step: Step, host: string, command: string): Promise<true | string> => {
      if (rest) return true;
      const shown = shownCommand(createRedactor(secrets).text(command)).toWellFormed();
      const question = { runbook: runbook.id, lab, step: step.id, host, command: shown, disposable };
      const answer = await questions.ask({ ...question, danger: step.danger ?? '' }, signal);
      switch (answer) {
        case 'rest':
          rest = true;
          return true;
        case 'run':
          return true;
        case 'refuse':
          return 'was not confirmed by the reader';
        case 'nobody':
          return 'was not confirmed: no page was open that could have been asked';
        case 'stopped':
          return 'was stopped before it was confirmed';
      }
    };
  }

  #newFolder(runbook: Runbook, choice: { from: string | undefined; only: string | undefined }): BatchFolder {
    const now = new Date();
    const name = `${now.toISOString().replace(/[-:]/g, '')}-${process.pid}-${++this.#count}`;
    const { name: lab } = this.#options.room.lab;
    return BatchFolder.create(this.#options.runs, name, {
      version: 1,
      date: now.toISOString(),
      ...choice,
      runbooks: [{ id: runbook.id, file: runbook.file, lab }],
      variables: {},
    });
  }
}
