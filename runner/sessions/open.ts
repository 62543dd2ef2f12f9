import type { Access } from './access.ts';
import { openLocalSession, type SessionOptions } from './open-session.ts';
import type { TerminalSession } from './session.ts';
import { openSshSession } from './ssh/open-ssh-session.ts';

/** Opens session `name` on a host, whatever leads to it. Rejects with what is wrong and what to do when it cannot. */
export function openSession(access: Access, name: string, options: SessionOptions = {}): Promise<TerminalSession> {
  switch (access.kind) {
    case 'local':
      return openLocalSession(access, name, options);
    case 'ssh':
      return openSshSession(access, name, options);
  }
}
