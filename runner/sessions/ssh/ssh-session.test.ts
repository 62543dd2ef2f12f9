import { after, before } from 'node:test';
import { conformance } from '../../../test/conformance/sessions.ts';
import { SshServer } from '../../../test/conformance/ssh-server.ts';
import { openSshSession } from './open-ssh-session.ts';

let server: SshServer;
before(async () => {
  server = await SshServer.start();
});
after(() => server.close());

conformance('session over SSH', () => openSshSession(server.access(), 'steps'));
