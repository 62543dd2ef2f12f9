import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientChannel } from 'ssh2';
import { type ProcessEntry, type ProcessIdentity, parseProcess } from '../process-table.ts';
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
    let channel: ClientChannel;
    try {
      channel = await connection.exec(`exec env -u BASH_ENV bash --norc --noprofile -s ${key} ${helperPatience}`);
    } catch (error) {
      return (error as Error).message;
    }
    channel.setEncoding('utf8').stderr.resume();
    channel.write(script);
    const greeting = await greetingOf(channel, key);
    if (typeof greeting === 'string') {
      channel.close();
      return greeting;
    }
    return new RemoteHelper(channel, key, greeting.machine);
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

  /** Why it does not see for what each process waits; undefined when it does. */
  async blindness(): Promise<string | undefined> {
    const [own = 0, scope = ''] = ((await this.#ask('self')) ?? '').split(' ');
    if ((await this.look(Number(own))).syscall !== '') return undefined;
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

type Greeting = { readonly machine: string };

/** Waits for its first words; what a start-up file of the host prints before them is passed over. */
function greetingOf(channel: ClientChannel, key: string): Promise<Greeting | string> {
  return new Promise((resolve) => {
    let received = '';
    const end = (result: Greeting | string) => {
      clearTimeout(limit);
      channel.off('data', take).off('close', closed);
      resolve(result);
    };
    const take = (text: string) => {
      received += text;
      const [whole, word, value = ''] = new RegExp(`^${key} (ready|no-proc) (.*)\n`, 'm').exec(received) ?? [];
      if (word === 'no-proc') return end(`${value} has no /proc as Linux has`);
      if (whole !== undefined) end({ machine: value });
    };
    const closed = () => end(`bash did not start: ${received.trim().slice(-300) || 'it said nothing'}`);
    const limit = setTimeout(() => end(`bash did not answer within ${answerLimit / 1000} s`), answerLimit);
    channel.on('data', take).once('close', closed);
  });
}
