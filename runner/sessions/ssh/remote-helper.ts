import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientChannel } from 'ssh2';
import { type ProcessEntry, type ProcessIdentity, parseProcess } from '../process-table.ts';
import { chooseArrival, hear, tellSilence, usualLoginTimeout } from './arrival.ts';
import type { SshConnection } from './ssh-connection.ts';

const script = readFileSync(join(import.meta.dirname, 'remote-helper.sh'), 'utf8');
const answerLimit = 10_000;
/** How often it is sent a sign of life, in milliseconds. */
const beat = 5000;

/** Without a sign of life for that long, in seconds, the helper ends what its session runs. */
export const helperPatience = 30;

/** What a sleeping process is doing, as far as /proc lets us see it. */
export type Look = {
  /** /proc/PID/syscall; empty where it is not for us to see. */
  readonly syscall: string;
  /** The kernel function in which it sleeps. */
  readonly wchan: string;
  /** What its descriptors refer to, by number. */
  readonly descriptors: ReadonlyMap<number, string>;
};

/**
 * A bash on the server beside the session's terminal, which tells of processes and signals them. Its script comes over
 * the channel: nothing is installed. When the channel ends, or nothing comes over it for a while, it ends what the session
 * still runs.
 */
export class RemoteHelper {
  /** Name of the server's processor architecture, as Node names it. */
  readonly architecture: string;
  readonly #channel: ClientChannel;
  readonly #key: string;
  #received = '';
  #gone = false;
  readonly #beat: NodeJS.Timeout;
  #asked = 0;
  #answered: ((answer: string | undefined) => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(channel: ClientChannel, key: string, machine: string) {
    this.architecture = { x86_64: 'x64', aarch64: 'arm64' }[machine] ?? machine;
    this.#channel = channel;
    this.#key = key;
    channel.on('data', (text: string) => this.#take(text));
    this.#beat = setInterval(() => channel.write('\n'), beat).unref();
    const gone = () => {
      this.#gone = true;
      clearInterval(this.#beat);
      this.#answered?.(undefined);
    };
    channel.once('close', gone).once('error', gone);
  }

  /** Starts it; the reason why it is of no use there, if so. */
  static async start(connection: SshConnection): Promise<RemoteHelper | string> {
    const key = randomBytes(12).toString('hex');
    const { words, pattern } = chooseArrival();
    const limit = connection.settings.loginTimeout ?? usualLoginTimeout;
    const bash = 'bash --norc --noprofile';
    let channel: ClientChannel;
    try {
      channel = await connection.exec(
        `exec env -u BASH_ENV ${bash} -c '${words}; exec ${bash} -s ${key} ${helperPatience}'`,
      );
    } catch (error) {
      return (error as Error).message;
    }
    const useless = (why: string): string => {
      channel.close();
      return why;
    };
    const arrived = await hear(channel, pattern, limit);
    if (arrived.kind !== 'found') return useless(`bash ${tellSilence(arrived, limit)}`);
    const greeting = hear(channel, new RegExp(`^${key} (ready|no-proc) (.*)\n`, 'm'), limit);
    channel.write(script);
    const heard = await greeting;
    if (heard.kind !== 'found') return useless(`bash ${tellSilence(heard, limit)}`);
    const [, word, value = ''] = heard.found;
    if (word === 'no-proc') return useless(`${value} has no /proc as Linux has`);
    return new RemoteHelper(channel, key, value);
  }

  /** From now on `leader`'s process session is ended when the channel ends. */
  async guard(leader: number): Promise<void> {
    await this.#ask(`guard ${leader}`);
  }

  async process(pid: number): Promise<ProcessEntry | undefined> {
    return parseProcess((await this.#ask(`stat ${pid}`)) ?? '');
  }

  /** Processes of a terminal or of a process session. Undefined when nobody answers. */
  async processes(terminal: number, session: number): Promise<ProcessEntry[] | undefined> {
    const answer = await this.#ask(`list ${terminal} ${session}`);
    return answer?.split('\n').flatMap((line) => parseProcess(line) ?? []);
  }

  async look(pid: number): Promise<Look> {
    const answer = (await this.#ask(`look ${pid}`)) ?? '';
    const descriptors = new Map<number, string>();
    for (const [, fd, target = ''] of answer.matchAll(/^l.* (\d+) -> (.*)$/gm)) descriptors.set(Number(fd), target);
    return {
      syscall: /^syscall (.*)$/m.exec(answer)?.[1] ?? '',
      wchan: /^wchan (.*)$/m.exec(answer)?.[1] ?? '',
      descriptors,
    };
  }

  /** A part of a process's memory; empty where it is not for us to see. */
  async memory(pid: number, address: bigint, length: number): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0);
    return Buffer.from(((await this.#ask(`memory ${pid} ${address} ${length}`)) ?? '').replace(/\s/g, ''), 'hex');
  }

  /** Whether the terminal takes whole lines without showing them, as it is made to for a password. */
  async isHidden(terminal: string): Promise<boolean> {
    const modes = ((await this.#ask(`modes ${terminal}`)) ?? '').split(/[\s;]+/);
    return modes.includes('-echo') && modes.includes('icanon');
  }

  /** Why it does not see all for which a process of ours waits; undefined when it does. */
  async blindness(pid: number): Promise<string | undefined> {
    if ((await this.look(pid)).syscall !== '') return undefined;
    const scope = await this.#ask('scope');
    return scope === '0' || scope === '' ? '/proc/PID/syscall is not readable' : `kernel.yama.ptrace_scope is ${scope}`;
  }

  /** Signals processes; one whose pid another one has by now is left alone. */
  async signal(name: 'HUP' | 'TERM' | 'KILL', processes: readonly ProcessIdentity[]): Promise<void> {
    if (processes.length > 0)
      await this.#ask(`signal ${name} ${processes.map(({ pid, startTime }) => `${pid}/${startTime}`).join(' ')}`);
  }

  /** Ends all that runs on the terminal and in the session that is guarded; resolves when it is gone, or to false when nobody says so. */
  async finish(terminal: number): Promise<boolean> {
    return (await this.#ask(`finish ${terminal}`)) !== undefined;
  }

  #ask(request: string): Promise<string | undefined> {
    const answer = this.#turn.then(
      () =>
        new Promise<string | undefined>((resolve) => {
          if (this.#gone) return resolve(undefined);
          const limit = setTimeout(() => {
            // An answer that comes later would be taken for the next one.
            this.#gone = true;
            this.#channel.close();
            resolve(undefined);
          }, answerLimit);
          this.#answered = (text) => {
            this.#answered = undefined;
            clearTimeout(limit);
            resolve(text);
          };
          this.#channel.write(`${++this.#asked} ${request}\n`);
        }),
    );
    this.#turn = answer;
    return answer;
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf(`${this.#key} end ${this.#asked}\n`);
    if (end < 0) return;
    const answer = this.#received.slice(0, end);
    this.#received = '';
    this.#answered?.(answer.trimEnd());
  }
}
