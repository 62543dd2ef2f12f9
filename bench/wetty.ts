import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const version = '3.2.0';
const folder = join(import.meta.dirname, '..', '.tejun', 'bench', `wetty-${version}`);
const program = join(folder, 'node_modules', '.bin', 'wetty');

/** A running wetty with a bash: the well-known terminal in a browser, to be compared with. */
export type Wetty = { readonly address: string; close(): Promise<void> };

/** Starts wetty, which npm installs where nobody else sees it when it is not there yet. */
export async function startWetty(): Promise<Wetty> {
  install();
  const port = await freePort();
  const args = ['--host', '127.0.0.1', '--port', String(port), '--base', '/', '--command', '/bin/bash --norc'];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  await started(child);
  return {
    address: `http://127.0.0.1:${port}/`,
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

function install(): void {
  if (existsSync(program)) return;
  mkdirSync(folder, { recursive: true });
  // Its terminals are compiled; what only watches files is not needed.
  const allowScripts = { 'node-pty': true, '@parcel/watcher': false };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'wetty-peer', private: true, allowScripts }));
  const args = ['install', '--save-exact', '--no-audit', '--no-fund', `wetty@${version}`];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`wetty ${version} could not be installed by npm; see above`);
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => {
        log += data;
        if (log.includes('"Server started"')) resolve();
      });
    child.once('exit', () => reject(new Error(`wetty did not start:\n${log}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
