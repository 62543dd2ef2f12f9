import type { Access } from './access.ts';
import { type LocalSession, openLocalSession, type SessionOptions } from './open-session.ts';

/** Opens session `name` on a host, whatever leads to it. Rejects with what is wrong and what to do when it cannot. */
export function openSession(access: Access, name: string, options: SessionOptions = {}): Promise<LocalSession> {
  switch (access.kind) {
    case 'local':
      return openLocalSession(access, name, options);
  }
}
