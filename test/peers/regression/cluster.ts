import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresPrograms } from '../../../runner/labs/postgres-programs.ts';

/** The ordinary user (nobody) as which a server runs when we are root, which it refuses to be. */
const ordinary = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** A server with a database `regression` that lasts as long as this process wants it. It listens on a Unix socket only. */
export class Cluster {
  /** Folder of its socket. */
  readonly socket: string;
  readonly #data: string;
  readonly #programs: string;

  /** `directory` is made for it; `major`: the version of the server. */
  constructor(directory: string, major: string, settings: Readonly<Record<string, string>>) {
    const programs = postgresPrograms(major);
    if (programs === undefined)
      throw new Error(`there is no PostgreSQL ${major} here: apt-get install postgresql-${major}`);
    this.#programs = programs;
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    if (ordinary.uid !== undefined) chownSync(directory, ordinary.uid, ordinary.gid);
    this.socket = directory;
    this.#data = join(directory, 'data');
    this.#run('initdb', ['-D', this.#data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--locale=C', '-E', 'UTF8']);
    const lines = Object.entries({
      listen_addresses: '',
      unix_socket_directories: directory,
      // As pg_regress has it.
      max_prepared_transactions: '2',
      fsync: 'off',
      ...settings,
    }).map(([name, value]) => `${name} = '${value}'\n`);
    writeFileSync(join(this.#data, 'postgresql.auto.conf'), lines.join(''));
    this.#run('pg_ctl', ['-D', this.#data, '-w', '-s', '-l', join(directory, 'log'), 'start']);
    const locale = ['messages', 'monetary', 'numeric', 'time'].map((part) => `lc_${part} to 'C'`);
    this.psql('create database regression template template0');
    for (const setting of [...locale, "bytea_output to 'hex'", "timezone_abbreviations to 'Default'"])
      this.psql(`alter database regression set ${setting}`);
  }

  /** Runs a statement as the superuser. */
  psql(statement: string): void {
    const where = ['-h', this.socket, '-U', 'postgres', '-d', 'postgres'];
    this.#run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...where, '-c', statement]);
  }

  stop(): void {
    this.#run('pg_ctl', ['-D', this.#data, '-w', '-s', '-m', 'immediate', 'stop']);
  }

  #run(program: string, args: readonly string[]): void {
    const stdio = ['ignore', 'ignore', 'inherit'] as const;
    execFileSync(join(this.#programs, program), args, { ...ordinary, cwd: '/', stdio: [...stdio] });
  }
}
