import type { Client, ClientChannel, PseudoTtyOptions, SFTPWrapper } from 'ssh2';
import { SshError } from './ssh-error.ts';

/** A connection to a server, to its end. Made by `connect`. */
export class SshConnection {
  readonly #client: Client;
  readonly #address: string;
  readonly #closeAll: () => void;
  readonly #lost = Promise.withResolvers<string>();
  #why: string | undefined;

  constructor(client: Client, address: string, closeAll: () => void) {
    this.#client = client;
    this.#address = address;
    this.#closeAll = closeAll;
    const lost = (why: string) => {
      this.#why ??= why;
      this.#lost.resolve(this.#why);
    };
    client.on('error', (error: Error) =>
      lost(/keepalive/i.test(error.message) ? 'the server has not answered for 14 s' : error.message),
    );
    client.once('close', () => {
      lost('the connection was closed');
      // Whatever else is open on the way there is of no more use.
      closeAll();
    });
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
        `${this.#address} runs no command for us: ${why}`,
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
        `${this.#address} lets us not at its files: ${why}`,
        'its sshd_config needs `Subsystem sftp sftp-server.exe`, as it has from the beginning',
      );
    return new Promise((resolve, reject) => {
      if (this.#why !== undefined) return reject(refused(this.#why));
      void this.#lost.promise.then((why) => reject(refused(why)));
      this.#client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(refused(error.message))));
    });
  }

  /** A stream to a TCP port of the server itself, or to a Unix socket there. Rejects when nothing answers. */
  forward(to: { readonly port: number } | { readonly socket: string }): Promise<ClientChannel> {
    const place = 'port' in to ? `its port ${to.port}` : to.socket;
    const refused = (why: string) =>
      new SshError(
        'reach',
        `${this.#address} cannot connect to ${place}: ${why}`,
        'does the server there run? and does sshd allow it (AllowTcpForwarding, AllowStreamLocalForwarding)?',
      );
    return new Promise((resolve, reject) => {
      if (this.#why !== undefined) return reject(refused(this.#why));
      void this.#lost.promise.then((why) => reject(refused(why)));
      const opened = (error: Error | undefined, channel: ClientChannel): void =>
        error === undefined ? resolve(channel) : reject(refused(error.message));
      if ('port' in to) this.#client.forwardOut('127.0.0.1', 0, '127.0.0.1', to.port, opened);
      else this.#client.openssh_forwardOutStreamLocal(to.socket, opened);
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#why ??= 'this runner closed the connection';
    this.#closeAll();
    this.#lost.resolve(this.#why);
  }
}
