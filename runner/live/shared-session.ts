import type { CommandEnd } from '../../core/run/model.ts';
import type { CommandRun, Session } from '../sessions/session.ts';

/** A session as a run gets it that does not own it: its shell lives on when the run is over. */
export class SharedSession implements Session {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get name(): string {
    return this.#session.name;
  }

  get host(): string {
    return this.#session.host;
  }

  get takenUp(): boolean {
    return this.#session.takenUp;
  }

  run(request: CommandRun): Promise<CommandEnd> {
    return this.#session.run(request);
  }

  takeUp(sequence: number, request: Omit<CommandRun, 'command'>): Promise<CommandEnd | undefined> {
    return this.#session.takeUp(sequence, request);
  }

  async close(): Promise<void> {}

  detach(): void {}
}
