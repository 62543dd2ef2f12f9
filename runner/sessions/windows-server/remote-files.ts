import type { SFTPWrapper } from 'ssh2';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import { SshError } from '../ssh/ssh-error.ts';

/** No such file (SSH_FX_NO_SUCH_FILE). */
const noSuchFile = 2;

/** Files on a Windows server, over SFTP: byte for byte, whatever code page its shells have. */
export class RemoteFiles {
  readonly #sftp: SFTPWrapper;
  readonly #connection: SshConnection;

  private constructor(sftp: SFTPWrapper, connection: SshConnection) {
    this.#sftp = sftp;
    this.#connection = connection;
  }

  /** The files at the other end of a connection. Rejects when it has no SFTP. */
  static async over(connection: SshConnection): Promise<RemoteFiles> {
    return new RemoteFiles(await connection.files(), connection);
  }

  makeFolder(path: string): Promise<void> {
    return this.#do(`cannot make the folder ${path}`, (done) => this.#sftp.mkdir(place(path), done));
  }

  write(path: string, bytes: Buffer): Promise<void> {
    return this.#do(`cannot write ${path}`, (done) => this.#sftp.writeFile(place(path), bytes, done));
  }

  /** A file's bytes; undefined when it is not there. */
  read(path: string): Promise<Buffer | undefined> {
    return this.#do(`cannot read ${path}`, (done) =>
      this.#sftp.readFile(place(path), (error, bytes) =>
        (error as { code?: number } | undefined)?.code === noSuchFile ? done() : done(error, bytes),
      ),
    );
  }

  /** A file's size in bytes; 0 when it is not there. */
  size(path: string): Promise<number> {
    return this.#do(`cannot look at ${path}`, (done) =>
      this.#sftp.stat(place(path), (error, found) => done(undefined, error ? 0 : found.size)),
    );
  }

  /** Removes files that may be there, and then their folder. */
  async removeFolder(path: string, names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.remove(`${path}\\${name}`)));
    await this.#do(`cannot remove ${path}`, (done) => this.#sftp.rmdir(place(path), () => done()));
  }

  /** Removes a file that may be there. */
  remove(path: string): Promise<void> {
    return this.#do(`cannot remove ${path}`, (done) => this.#sftp.unlink(place(path), () => done()));
  }

  #do<T>(what: string, work: (done: (error?: Error | null, value?: T) => void) => void): Promise<T> {
    const failed = (why: string) =>
      new SshError(
        'shell',
        `${what}: ${why}`,
        'steps go there over SFTP, into the folder for temporary files of its login: is there room, and may it write there?',
      );
    return new Promise((resolve, reject) => {
      // Without the connection nobody answers.
      void this.#connection.lost.then((why) => reject(failed(why)));
      work((error, value) => (error ? reject(failed(error.message)) : resolve(value as T)));
    });
  }
}

/** A path of Windows as its SFTP server takes it: `/C:/Users/…`. */
function place(path: string): string {
  return `/${path.replaceAll('\\', '/')}`;
}
