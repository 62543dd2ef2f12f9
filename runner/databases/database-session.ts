import type { CommandEnd } from '../../core/run/model.ts';
import type { CommandRun, Session } from '../sessions/session.ts';
import type { DatabaseAccess } from './access.ts';
import { connectDatabase } from './connect.ts';
import type { DatabaseConnection } from './database-connection.ts';
import { SqlOutput } from './sql-output.ts';

/** How long a server may take to end a statement that was cancelled, in milliseconds; then we leave it. */
const cancelLimit = 5000;

/** Connects to a database of a host for steps in SQL; `name` is what the run log calls the session. */
export async function openDatabaseSession(
  access: DatabaseAccess,
  name: string,
  options: { readonly database: string; readonly signal?: AbortSignal },
): Promise<DatabaseSession> {
  const { database, signal } = options;
  return new DatabaseSession(await connectDatabase(access, { name: database, ...(signal && { signal }) }), name);
}

/** A connection as steps use it: one text after the other, with what stays between them (settings, open transactions). */
export class DatabaseSession implements Session {
  readonly name: string;
  /** It ends with the runner that began it. */
  readonly takenUp = false;
  readonly #connection: DatabaseConnection;
  #sequence = 0;

  constructor(connection: DatabaseConnection, name: string) {
    this.#connection = connection;
    this.name = name;
  }

  get host(): string {
    return this.#connection.host;
  }

  /** Why it takes no more statements; undefined while it does. */
  get over(): string | undefined {
    return this.#connection.gone;
  }

  /** Runs statements. An error of any of them is exit code 1; what the server says comes as psql would write it. */
  async run({ command, timeout, signal, onOutput, onSequence }: CommandRun): Promise<CommandEnd> {
    if (this.over !== undefined) return lost(this.over);
    onSequence?.(++this.#sequence);
    if (signal.aborted) return { kind: 'stopped' };
    const output = new SqlOutput(command, onOutput, this.#connection.serverMajor);
    let cut: CommandEnd | undefined;
    let cancelling: Promise<void> | undefined;
    let patience: NodeJS.Timeout | undefined;
    const expire = (end: CommandEnd): void => {
      if (cut !== undefined) return;
      cut = end;
      cancelling = this.#connection.cancel(AbortSignal.timeout(cancelLimit)).catch(() => undefined);
      // The server ends what a lost connection has begun, too, though later.
      patience = setTimeout(() => void this.#connection.close(), cancelLimit);
    };
    const limit = Math.min(timeout, 2 ** 31 - 1);
    const clock = setTimeout(() => expire({ kind: 'timed-out', afterMs: limit }), limit);
    const stop = (): void => expire({ kind: 'stopped' });
    signal.addEventListener('abort', stop, { once: true });
    const ready = await this.#connection.tell(command, output);
    clearTimeout(clock);
    clearTimeout(patience);
    signal.removeEventListener('abort', stop);
    await cancelling;
    await output.pause();
    if (cut !== undefined) return cut;
    if (!ready) return lost(output.fatal ?? this.over ?? 'it is gone');
    return { kind: 'exited', code: output.failed ? 1 : 0 };
  }

  async takeUp(): Promise<CommandEnd> {
    return lost(
      'it ended with the runner that had begun the step, and nobody knows how far the step came; look at the database, then go on with --from this step or the one after it',
    );
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  detach(): void {
    void this.#connection.close();
  }
}

function lost(why: string): CommandEnd {
  return { kind: 'disconnected', to: 'database', why };
}
