import type { Server } from 'node:http';
import { type AstroInlineConfig, dev as startAstro } from 'astro';
import { createGate, type Gate } from '../server/gate.ts';
import { defaultPort } from '../server/listen.ts';
import { authorPolicy } from '../server/security-headers.ts';
import { offerEntries } from './entries.ts';
import { exitCode } from './exit-code.ts';
import { type ServeOptions, stopped, tellFault, whileLive } from './serve.ts';
import { programFolder } from './site.ts';
import type { Surroundings } from './surroundings.ts';

/** The author's mode: pages are made anew as their files change, and their steps run. Returns the exit code. */
export async function dev(options: ServeOptions, surroundings: Surroundings): Promise<number> {
  process.env.TEJUN_LIVE = '1';
  process.env.TEJUN_ROOT = surroundings.root;
  process.env.ASTRO_TELEMETRY_DISABLED = '1';
  await whileLive(surroundings, async (live) => {
    let port = 0;
    const gate = createGate({ port: () => port, live, policy: authorPolicy, otherSockets: true, onFault: tellFault });
    const server = await startAstro({
      root: programFolder,
      logLevel: 'warn',
      server: { host: '127.0.0.1', port: options.port ?? defaultPort },
      vite: { plugins: [inFront(gate)] },
    } satisfies AstroInlineConfig);
    port = server.address.port;
    try {
      const entrance = { entry: gate.newEntry(), newEntry: () => gate.newEntry() };
      const end = offerEntries(entrance, { open: options.open, state: surroundings.state });
      await stopped(surroundings.signal);
      end();
    } finally {
      await gate.close();
      await server.stop();
    }
  });
  return exitCode.passed;
}

/** Nothing of the development server is to be had without having come in through the gate. */
function inFront(gate: Gate) {
  return {
    name: 'tejun-gate',
    enforce: 'pre' as const,
    configureServer(vite: { httpServer: unknown }): void {
      gate.attach(vite.httpServer as Server);
    },
  };
}
