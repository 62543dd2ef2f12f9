import type { Duplex } from 'node:stream';
import type { Client, ClientChannel, PseudoTtyOptions, SFTPWrapper } from 'ssh2';
import type { SshSettings } from './ssh-access.ts';
import { SshError } from './ssh-error.ts';
import { socketOf } from './way.ts';

/** A server of the way to one, as who has logged in there has it; the last one is the goal. */
export type EnteredServer = { readonly address: string; readonly client: Client };

/** A connection to a server, to its end. Made by `connect`. */
export class SshConnection {
  /** The server as it was declared. */
  readonly settings: SshSettings;
  readonly #client: Client;
  readonly #closeAll: () => void;
  readonly #lost = Promise.withResolvers<string>();
  #why: string | undefined;

  constructor(settings: SshSettings, servers: readonly EnteredServer[], closeAll: () => void) {
    const goal = servers.at(-1);
    if (goal === undefined) throw new Error('a way has at least one server');
    this.settings = settings;
    this.#client = goal.client;
    this.#closeAll = closeAll;
    for (const server of servers) {
      const who = server === goal ? 'the server' : `the jump host ${server.address}`;
      server.client.on('error', ({ message }: Error) =>
        this.#lose(/keepalive/i.test(message) ? `${who} has not answered for 14 s` : `${who}: ${message}`),
      );
      server.client.once('close', () => this.#lose(`${who} closed the connection`));
    }
  }

  /** Address of the server. */
  get address(): string {
    return this.settings.address;
  }

  /** Why the connection is gone; undefined while it is there. */
  get gone(): string | undefined {
    return this.#why;
  }

  /** Resolves with the reason when the connection is gone, however that comes. */
  get lost(): Promise<string> {
    return this.#lost.promise;
  }

  /** Runs a command on the server. Rejects when the server does not open another channel. */
  exec(command: string, pty?: PseudoTtyOptions): Promise<ClientChannel> {
    const refused = (why: string) =>
      new SshError(
        'shell',
        `${this.address} runs no command for us: ${why}`,
        'a connection of ours needs two sessions (MaxSessions in sshd_config) and, for steps, a terminal (PermitTTY)',
      );
    return new Promise((resolve, reject) => {
      if (this.#why !== undefined) return reject(refused(this.#why));
      void this.#lost.promise.then((why) => reject(refused(why)));
      this.#client.exec(command, pty === undefined ? {} : { pty }, (error, channel) =>
        error === undefined ? resolve(channel) : reject(refused(error.message)),
      );
    });
  }

  /** The server's files. Rejects when it has no SFTP. */
  files(): Promise<SFTPWrapper> {
    const refused = (why: string) =>
      new SshError(
        'shell',
        `${this.address} lets us not at its files: ${why}`,
        'its sshd_config needs `Subsystem sftp sftp-server.exe`, as it has from the beginning',
      );
    return new Promise((resolve, reject) => {
      if (this.#why !== undefined) return reject(refused(this.#why));
      void this.#lost.promise.then((why) => reject(refused(why)));
      this.#client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(refused(error.message))));
    });
  }

  /** A stream to a TCP port of the server itself, or to a Unix socket there. Rejects when nothing answers, or with the signal's reason. */
  forward(to: { readonly port: number } | { readonly socket: string }, signal: AbortSignal): Promise<Duplex> {
    const place = 'port' in to ? `its port ${to.port}` : to.socket;
    const refused = (why: string) =>
      new SshError(
        'reach',
        `${this.address} cannot connect to ${place}: ${why}`,
        'does the server there run? and does sshd allow it (AllowTcpForwarding, AllowStreamLocalForwarding)?',
      );
    return new Promise((resolve, reject) => {
      if (this.#why !== undefined) return reject(refused(this.#why));
      void this.#lost.promise.then((why) => reject(refused(why)));
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      const opened = (error: Error | undefined, channel: ClientChannel): void => {
        signal.removeEventListener('abort', stop);
        if (error !== undefined) reject(refused(error.message));
        else if (signal.aborted) channel.destroy();
        else resolve(socketOf(channel, channel));
      };
      if ('port' in to) this.#client.forwardOut('127.0.0.1', 0, '127.0.0.1', to.port, opened);
      else this.#client.openssh_forwardOutStreamLocal(to.socket, opened);
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#lose('this runner closed the connection');
  }

  /** The first reason counts. Whatever is open on the way there is of no more use. */
  #lose(why: string): void {
    this.#why ??= why;
    this.#closeAll();
    this.#lost.resolve(this.#why);
  }
}
