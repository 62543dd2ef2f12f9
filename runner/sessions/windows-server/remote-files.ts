import type { SFTPWrapper } from 'ssh2';
import { SshError } from '../ssh/ssh-error.ts';

/** Files on a Windows server, over SFTP: byte for byte, whatever code page its shells have. */
export class RemoteFiles {
  readonly #sftp: SFTPWrapper;

  constructor(sftp: SFTPWrapper) {
    this.#sftp = sftp;
  }

  makeFolder(path: string): Promise<void> {
    return this.#do(`cannot make the folder ${path}`, (done) => this.#sftp.mkdir(place(path), done));
  }

  write(path: string, bytes: Buffer): Promise<void> {
    return this.#do(`cannot write ${path}`, (done) => this.#sftp.writeFile(place(path), bytes, done));
  }

  /** A file's bytes; undefined when it is not there. */
  read(path: string): Promise<Buffer | undefined> {
    return new Promise((resolve, reject) => {
      this.#sftp.readFile(place(path), (error, bytes) => {
        // 2: no such file (SSH_FX_NO_SUCH_FILE).
        if (error === undefined || error === null) resolve(bytes);
        else if ((error as { code?: number }).code === 2) resolve(undefined);
        else reject(failed(`cannot read ${path}`, error));
      });
    });
  }

  /** A file's size in bytes; 0 when it is not there. */
  size(path: string): Promise<number> {
    return new Promise((resolve) => this.#sftp.stat(place(path), (error, found) => resolve(error ? 0 : found.size)));
  }

  /** Removes files that may be there, and then their folder. */
  async removeFolder(path: string, names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.remove(`${path}\\${name}`)));
    await new Promise<void>((resolve) => this.#sftp.rmdir(place(path), () => resolve()));
  }

  remove(path: string): Promise<void> {
    return new Promise((resolve) => this.#sftp.unlink(place(path), () => resolve()));
  }

  #do(what: string, work: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      work((error) => (error ? reject(failed(what, error)) : resolve()));
    });
  }
}

/** A path of Windows as its SFTP server takes it: `/C:/Users/…`. */
function place(path: string): string {
  return `/${path.replaceAll('\\', '/')}`;
}

function failed(what: string, error: Error): SshError {
  return new SshError(
    'shell',
    `${what}: ${error.message}`,
    'steps go there over SFTP, into the folder for temporary files of its login: is there room, and may it write there?',
  );
}
