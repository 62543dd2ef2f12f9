import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import { loadLab } from '../labs/load.ts';
import { createRedactor } from '../recorder/redactor.ts';
import { TopologyWatch } from '../topology/topology-watch.ts';
import { LabRoom } from './lab-room.ts';
import { LabRunbooks } from './lab-runbooks.ts';
import type { Limits } from './limits.ts';
import type { Questions } from './questions.ts';
import { RunControl } from './run-control.ts';

/** What the desk of a lab needs of the house. */
export type LabDeskOptions = {
  readonly root: string;
  readonly state: string;
  readonly runs: string;
  readonly signal: AbortSignal;
  readonly limits: Limits;
  readonly questions: Questions;
  /** Tells every page. */
  readonly tellAll: (message: ServerMessage) => void;
  /** Tells the pages that show who is what in this lab. */
  readonly tellWatching: (message: ServerMessage) => void;
  /** Tells the pages of a runbook on this lab. */
  readonly tell: (runbook: string, message: ServerMessage) => void;
};

/** All that pages can ask for of one lab: its life, its runs, what is known of its runbooks. */
export class LabDesk {
  readonly room: LabRoom;
  readonly runbooks: LabRunbooks;
  readonly control: RunControl;
  readonly topology: TopologyWatch;

  /** Throws when the lab's file has mistakes. */
  constructor(name: string, options: LabDeskOptions) {
    const { root, runs, limits, questions, signal } = options;
    const lab = loadLab(name, { root });
    this.runbooks = new LabRunbooks({
      root,
      runs,
      lab,
      place: (host, { sequence, since }) => this.room.terminals.get(host)?.place(sequence, since),
      tell: options.tell,
    });
    this.room = new LabRoom(lab, {
      state: options.state,
      load: (facts) => loadLab(name, { root, facts }),
      limits,
      secrets: () => this.runbooks.secrets,
      changed: () => {
        options.tellAll({ kind: 'lab', view: this.room.view });
        this.runbooks.lifeChanged();
        this.topology.labChanged();
      },
      placed: (host, sequence) => this.runbooks.placed(host, sequence),
      replaced: (host) => this.runbooks.placed(host, undefined),
    });
    this.topology = new TopologyWatch(lab, {
      canAsk: () => this.room.view.busy === undefined && this.room.view.instance !== undefined,
      changed: (topology) => options.tellWatching({ kind: 'topology', lab: name, topology }),
      // Shorter ones cannot be hidden, and no run has begun with them.
      redact: (topology) => createRedactor(this.runbooks.secrets.filter(({ length }) => length > 3)).deep(topology),
    });
    this.control = new RunControl({ root, runs, room: this.room, runbooks: this.runbooks, questions, signal });
  }

  /** Brings the lab up or down, or resets it; resolves when that is done. */
  async act(
    { action, checkpoint, chosen }: Extract<ClientMessage, { kind: 'lab' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const { room } = this;
    const silent = (): void => undefined;
    switch (action) {
      case 'up':
        return room.exclusively('it is coming up', async () => {
          room.refuseUnshown(chosen);
          await room.up(silent, signal);
        });
      case 'down':
        await room.exclusively('it is going down', () => room.down(silent));
        return this.runbooks.lifeChanged(true);
      case 'reset':
        return room.exclusively('it is being reset', async () => {
          room.refuseUnshown(chosen);
          await room.up(silent, signal);
          await room.reset(checkpoint, silent, signal);
        });
    }
  }

  async close(): Promise<void> {
    this.topology.close();
    await this.control.close();
    await this.room.close();
  }
}
