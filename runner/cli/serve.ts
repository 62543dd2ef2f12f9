import { once } from 'node:events';
import { createLive } from '../live/live.ts';
import type { Live } from '../server/connection.ts';
import { PortError } from '../server/listen.ts';
import { startServer } from '../server/start-server.ts';
import { offerEntries } from './entries.ts';
import { ExecutionError, exitCode } from './exit-code.ts';
import { buildSiteIfStale, siteFolder } from './site.ts';
import type { Surroundings } from './surroundings.ts';

/** Options of `start` and `dev`. */
export type ServeOptions = {
  /** None: the usual one, or the next that is free. */
  readonly port: number | undefined;
  /** Open the address in the reader's browser, where there is one. */
  readonly open: boolean;
};

/** Serves the book until it is stopped: builds the pages when they are stale, and ends what it began. Returns the exit code. */
export async function serve(options: ServeOptions, surroundings: Surroundings): Promise<number> {
  await buildSiteIfStale(surroundings, (message) => process.stderr.write(`${message}\n`));
  await whileLive(surroundings, async (live) => {
    const { signal } = surroundings;
    const server = await startServer({ site: siteFolder(surroundings), live, port: options.port, onFault: tellFault });
    try {
      const end = offerEntries(server, { open: options.open, state: surroundings.state });
      await stopped(signal);
      end();
    } finally {
      process.stderr.write('ending …\n');
      await server.close();
    }
  });
  return exitCode.passed;
}

/** Has what is behind the pages for `work`; afterwards labs are as they were found. */
export async function whileLive(
  { root, state, signal }: Surroundings,
  work: (live: Live) => Promise<void>,
): Promise<void> {
  const live = createLive({ root, state, signal });
  try {
    await work(live);
  } catch (error) {
    if (error instanceof PortError) throw new ExecutionError(error.message);
    throw error;
  } finally {
    await live.close();
  }
}

/** A mistake of our own must be seen, and must not end what others do. */
export function tellFault(error: unknown): void {
  process.stderr.write(`tejun: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

/** Waits until the program is told to stop. */
export async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
