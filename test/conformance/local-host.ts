import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSession, openLocalSession } from '../../runner/sessions/open-session.ts';
import type { HostAccess } from '../../runner/sessions/session.ts';

/** A host for tests: this machine, with a home in a temporary directory that is removed when the tests end. */
export function localHost(): HostAccess {
  const root = mkdtempSync(join(tmpdir(), 'tejun-sessions-'));
  if (roots.push(root) === 1) process.once('exit', removeRoots);
  return {
    kind: 'local',
    host: 'here',
    enter: [],
    environment: { PATH: '/usr/bin:/bin', HOME: root, LANG: 'C.UTF-8', TERM: 'xterm-256color', PAGER: 'cat' },
    directory: join(root, 'sessions'),
  };
}

const roots: string[] = [];

function removeRoots(): void {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
}

let count = 0;

/** A session of its own on such a host. */
export function freshSession(): Promise<LocalSession> {
  host ??= localHost();
  return openLocalSession(host, `s${++count}`);
}

let host: HostAccess | undefined;
