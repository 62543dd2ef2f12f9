import { seconds } from '../../core/run/judge.ts';
import type { CommandEnd } from '../../core/run/model.ts';
import type { CommandRun, Session } from '../sessions/session.ts';
import type { DatabaseAccess } from './access.ts';
import { connectDatabase } from './connect.ts';
import type { DatabaseConnection } from './database-connection.ts';
import { SqlOutput } from './sql-output.ts';

/** How long a server may take to end a statement that was cancelled, in milliseconds; then we leave it. */
const cancelLimit = 5000;

/** How a statement ends that is not left to end by itself. */
type Cut = Extract<CommandEnd, { kind: 'timed-out' | 'stopped' }>;

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
    let cut: Cut | undefined;
    let cancelling: Promise<void> | undefined;
    let patience: NodeJS.Timeout | undefined;
    const expire = (end: Cut): void => {
      if (cut !== undefined) return;
      cut = end;
      cancelling = this.#connection.cancel(AbortSignal.timeout(cancelLimit)).catch(() => undefined);
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
    // A server that is ready may still get the request to cancel, which is not to hit a later statement.
    if (ready) await cancelling;
    await output.pause();
    if (!ready) return this.#abandoned(output.fatal, cut);
    return cut ?? { kind: 'exited', code: output.failed ? 1 : 0 };
  }

  /** A statement whose end nobody has seen. */
  #abandoned(fatal: string | undefined, cut: Cut | undefined): CommandEnd {
    const { host, process, kind, gone = 'it is gone' } = this.#connection;
    // The server itself has ended it.
    if (fatal !== undefined) return cut ?? lost(fatal);
    const after = `${seconds(cancelLimit)} after it was asked to`;
    const what = {
      none: gone,
      'timed-out': `it did not end within ${seconds(cut?.kind === 'timed-out' ? cut.afterMs : 0)}, nor ${after}: ${gone}`,
      stopped: `it was to be stopped, and did not end ${after}: ${gone}`,
    }[cut?.kind ?? 'none'];
    const look =
      kind === 'postgresql'
        ? `there \`select pg_terminate_backend(${process})\` ends it`
        : 'look into pg_stat_activity of its nodes';
    return lost(
      `${what}; nobody knows how far the statement came, and it may still run on ${host} (${look}): look there before you repeat it`,
    );
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
  return { kind: 'disconnected', to: 'database', goOn: true, why };
}
