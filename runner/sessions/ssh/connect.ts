import { setTimeout as sleep } from 'node:timers/promises';
import ssh2, { type Client, type ClientChannel } from 'ssh2';
import { prepareLogin } from './authentication.ts';
import { hostKeyCheck, usualKnownHosts } from './host-key.ts';
import { startProxy } from './proxy-command.ts';
import { findRoute, type Hop } from './route.ts';
import type { SshSettings } from './ssh-access.ts';
import { type EnteredServer, SshConnection } from './ssh-connection.ts';
import { SshError } from './ssh-error.ts';
import { directWay, socketOf, type Way } from './way.ts';

/** How long a server may take to answer and let us in when the lab file does not say otherwise, in milliseconds. */
const usualConnectTimeout = 15_000;
/** A server that is asked each `keepaliveInterval` and does not answer `keepaliveCountMax` times is gone: after 14 s. */
const keepalive = { keepaliveInterval: 3500, keepaliveCountMax: 3 };

/** Connects to a server, through its jump hosts. Rejects with an `SshError` that says what is wrong and what to do. */
export async function connect(server: SshSettings, signal?: AbortSignal): Promise<SshConnection> {
  const hops = await findRoute(server);
  const opened: { close(): void }[] = [];
  const closeAll = () => {
    for (const each of opened.splice(0).reverse()) each.close();
  };
  try {
    const servers: EnteredServer[] = [];
    for (const hop of hops) {
      signal?.throwIfAborted();
      const way = await wayTo(hop, servers.at(-1)?.client, signal);
      opened.push(way);
      servers.push({ address: hop.address, client: await enter(hop, way, signal) });
    }
    return new SshConnection(hops.at(-1)?.settings ?? server, servers, closeAll);
  } catch (error) {
    closeAll();
    throw error;
  }
}

async function wayTo(hop: Hop, before: Client | undefined, signal: AbortSignal | undefined): Promise<Way> {
  const { address, port, user, declared } = hop;
  if (before !== undefined) {
    const channel = await forward(before, hop, signal);
    const stream = socketOf(channel, channel);
    return { stream, complaint: async () => '', close: () => void stream.destroy() };
  }
  const command = hop.settings.proxyCommand;
  if (command === undefined) return directWay(address, port);
  return startProxy(command, { h: address, p: `${port}`, r: user, n: declared });
}

async function forward(before: Client, hop: Hop, signal: AbortSignal | undefined): Promise<ClientChannel> {
  const { address, port, settings } = hop;
  const limit = settings.connectTimeout ?? usualConnectTimeout;
  const refused = (why: string): SshError =>
    new SshError(
      'reach',
      `the jump host cannot connect to ${address}, port ${port}: ${why}`,
      'is the address right as the jump host sees it, is the server up, and does the jump host allow forwarding?',
    );
  const done = new AbortController();
  const until = AbortSignal.any([done.signal, ...(signal === undefined ? [] : [signal])]);
  const opened = new Promise<ClientChannel>((resolve, reject) => {
    before.forwardOut('127.0.0.1', 0, address, port, (error, stream) => {
      if (error !== undefined) reject(refused(error.message));
      else if (done.signal.aborted) stream.destroy();
      else resolve(stream);
    });
  });
  // A jump host tries for minutes.
  const late = sleep(limit, undefined, { signal: until }).then(
    () => Promise.reject(refused(`no answer within ${limit / 1000} s`)),
    () => Promise.reject(signal?.reason),
  );
  try {
    return await Promise.race([opened, late]);
  } finally {
    done.abort();
    late.catch(() => undefined);
    opened.catch(() => undefined);
  }
}

function enter(hop: Hop, way: Way, signal: AbortSignal | undefined): Promise<Client> {
  const { address, port, user, settings } = hop;
  const check = hostKeyCheck({ address, port, alias: settings.hostKeyAlias }, settings.knownHosts ?? usualKnownHosts);
  const login = prepareLogin(settings, user);
  const client = new ssh2.Client();
  let refused: SshError | undefined;
  return new Promise<Client>((resolve, reject) => {
    const fail = (error: unknown) => {
      signal?.removeEventListener('abort', stop);
      way.close();
      reject(error);
    };
    let first: Error | undefined;
    const lose = async (error: Error) => {
      // What comes after the first error only follows from it.
      if (first !== undefined) return;
      first = error;
      fail(refused ?? login.refusal() ?? explain(hop, error, { complaint: await way.complaint(), said, reached }));
    };
    const stop = () => fail(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    let reached = false;
    let said = '';
    // Before it names itself a server may say why it does not go on.
    const listen = (chunk: Buffer): void => {
      if (said.length < 1000) said += chunk.toString('utf8');
    };
    way.stream.on('data', listen);
    client.once('handshake', () => way.stream.off('data', listen));
    client.once('connect', () => {
      reached = true;
    });
    client.on('error', (error) => {
      const { level } = error as Error & { level?: string };
      if (level === 'agent') return login.failed(`the agent does not answer: ${error.message}`);
      if (/^Error while signing/.test(error.message)) return login.failed(error.message);
      void lose(error);
    });
    client.once('close', () => void lose(new Error('it closed the connection')));
    client.once('ready', () => {
      signal?.removeEventListener('abort', stop);
      client.removeAllListeners('close');
      client.removeAllListeners('error');
      // Whoever uses the client listens for its end; what is said on the way there needs a listener too.
      client.on('error', () => undefined);
      // Keys and marks are short, and each is waited for.
      client.setNoDelay(true);
      resolve(client);
    });
    client.connect({
      sock: way.stream,
      username: user,
      readyTimeout: settings.connectTimeout ?? usualConnectTimeout,
      ...keepalive,
      algorithms: { serverHostKey: check.algorithms },
      hostVerifier: (key: Buffer) => {
        refused = check.judge(key);
        return refused === undefined;
      },
      authHandler: login.next as never,
    });
  });
}

function explain(
  { address, port, settings }: Hop,
  error: Error,
  { complaint, said, reached }: { readonly complaint: string; readonly said: string; readonly reached: boolean },
): SshError {
  const { code, message } = error as NodeJS.ErrnoException;
  const place = `${address}, port ${port}`;
  if (complaint !== '')
    return new SshError(
      'reach',
      `the proxy command to ${place} failed: ${complaint}`,
      'see `proxy_command` in the lab file',
    );
  const [words = ''] = said.split(/^SSH-/m);
  if (words.trim() !== '') return new SshError('reach', `${place} refuses us: ${words.trim()}`, hintForRefusal(words));
  switch (code) {
    case 'ECONNREFUSED':
      return new SshError('reach', `${place}: connection refused`, 'does its SSH server run, and on this port?');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SshError(
        'reach',
        `${address}: no such host`,
        'see `address` in the lab file; an alias of ~/.ssh/config needs `ssh_config: true`',
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new SshError('reach', `${place}: no route to it`, 'is the network up, or is a `jump` host needed?');
  }
  if (/timed out/i.test(message)) {
    const limit = `${(settings.connectTimeout ?? usualConnectTimeout) / 1000} s`;
    return reached
      ? new SshError(
          'reach',
          `${place} takes connections, but has not let us in within ${limit}`,
          'is the network slow, or the server busy? `connect_timeout` in the lab file gives it more time',
        )
      : new SshError('reach', `${place} does not answer within ${limit}`, 'is it up, and is the network between?');
  }
  return new SshError('reach', `${place}: ${message}`, '`ssh -v` to the same server tells more');
}

/** What sshd means by what it says instead of its name. */
function hintForRefusal(words: string): string {
  if (/Not allowed at this time/i.test(words))
    return 'OpenSSH 9.8 and newer shuts out for a while who could not log in before (PerSourcePenalties in its sshd_config): mend the login, wait some minutes, try again; the log of its sshd tells the reason';
  if (/MaxStartups/i.test(words))
    return 'too many logins are under way there at once (MaxStartups in its sshd_config): try again';
  return 'is that an SSH server, and may this address connect to it? its log tells more';
}
