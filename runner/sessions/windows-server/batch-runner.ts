import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import type { CommandEnd } from '../../../core/run/model.ts';
import type { ActiveCommand } from '../active-command.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import { type StepSetting, ungivable } from './batch-files.ts';
import { type CodePage, decodeAll } from './code-page.ts';
import { EndMark } from './end-mark.ts';
import type { RemoteFiles } from './remote-files.ts';
import { hidingVariable, type Left, parseLeft, type ShellState } from './shell-state.ts';

/** What runs batch files on a Windows server. */
export type RunnerParts = {
  readonly host: string;
  readonly connection: SshConnection;
  /** What waits there for the numbers of batch files. */
  readonly channel: ClientChannel;
  readonly files: RemoteFiles;
  /** The session's folder on the server. */
  readonly folder: string;
  readonly secret: string;
  readonly page: CodePage;
};

/** How a batch file ended: by its last line, or otherwise. */
export type BatchEnd =
  | { readonly kind: 'left'; readonly left: Left }
  | { readonly kind: 'ended'; readonly end: CommandEnd };

/** Runs batch files on a server, one after the other, and keeps what each leaves for the next. */
export class BatchRunner {
  readonly #parts: RunnerParts;
  #base: ReadonlyMap<string, string> = new Map();
  #state: ShellState | undefined;
  #exitCode: number | undefined;
  #count = 0;
  #active: ActiveCommand | undefined;
  #mark: EndMark | undefined;
  #ended = Promise.withResolvers<number | undefined>();
  readonly #gone = Promise.withResolvers<string>();
  #end: Promise<boolean> | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    const { channel } = parts;
    channel.on('exit', (code: number | null) => {
      this.#exitCode = code ?? undefined;
    });
    channel.on('error', () => undefined);
    channel.stderr.on('error', () => undefined).resume();
    void this.#read();
  }

  /** What the next batch file begins with; undefined before the first. */
  get state(): ShellState | undefined {
    return this.#state;
  }

  /** The batch file that is run next. */
  get next(): string {
    return `${this.#parts.folder}\\${this.#count + 1}`;
  }

  /** The batch file that runs, and its end, however it comes; undefined when none does. */
  get running(): { readonly batch: string; readonly end: Promise<unknown> } | undefined {
    if (this.#mark === undefined) return undefined;
    return { batch: `${this.#parts.folder}\\${this.#count}.bat`, end: this.#ended.promise };
  }

  /** Resolves with the reason when nothing runs there any more. */
  get gone(): Promise<string> {
    return this.#gone.promise;
  }

  /** The first batch file has told where one begins and with which environment: this is what steps begin with instead. */
  beginWith(directory: string | undefined, environment: Readonly<Record<string, string>>): void {
    const first = this.#state;
    if (first === undefined) throw new Error('no batch file was run');
    this.#base = first.environment;
    const whole = new Map([...first.environment, ...Object.entries(environment)]);
    this.#state = { directory: directory ?? first.directory, environment: whole };
  }

  /** Runs one batch file to its end, and takes over what it has left. */
  async run(active: ActiveCommand, make: (setting: StepSetting) => string | Promise<string>): Promise<BatchEnd> {
    const { files, secret, page, channel } = this.#parts;
    const [batch, left] = [`${this.next}.bat`, `${this.next}.left`];
    const setting = { base: this.#base, now: this.#state, left };
    const why = ungivable(setting);
    if (why !== undefined) return refused(active, `the step did not begin: ${why}`);
    const bytes = page.encode(await make(setting));
    const count = ++this.#count;
    if (bytes === undefined)
      return refused(active, `a variable or the directory has characters that are not in code page ${page.number}`);
    await files.write(batch, bytes);
    // Stopped or late before anything of it could run.
    if (active.ending !== undefined) return { kind: 'ended', end: active.ending };
    this.#active = active;
    this.#mark = new EndMark(secret, count);
    this.#ended = Promise.withResolvers();
    channel.write(`${count}\r\n`);
    const code = await this.#ended.promise;
    if (code === undefined) return { kind: 'ended', end: this.#lost() };
    await active.flush();
    const wrote = await files.read(left);
    await Promise.all([files.remove(batch), files.remove(left)]);
    if (active.ending !== undefined) return { kind: 'ended', end: active.ending };
    // It ended before its last line: by `exit`, or because something ended it.
    if (wrote === undefined) return { kind: 'ended', end: { kind: 'shell-exited', code } };
    const found = parseLeft(wrote.includes(0) ? wrote.toString() : decodeAll(page, wrote));
    if (found === undefined || code !== 0) return refused(active, 'nobody can tell how the step ended');
    if (found.how === 'lost')
      return refused(active, `the step did not begin: the directory ${this.#state?.directory} is not there`);
    const hidden = hidingVariable(found)?.toUpperCase();
    if (hidden !== undefined)
      return refused(active, `the step sets a variable ${hidden}, which hides how its commands ended or where`);
    this.#state = { directory: found.directory, environment: found.environment };
    return { kind: 'left', left: found };
  }

  /** Ends all that was started: sshd does, when the process ends that waits for batch files. False: it did not say so. */
  close(): Promise<boolean> {
    this.#end ??= (async () => {
      const { channel, connection, files, folder } = this.#parts;
      let ended = false;
      if (connection.gone === undefined) {
        const closed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
        channel.end();
        await Promise.race([closed, this.gone, connection.lost, sleep(2000)]);
        ended = this.#exitCode !== undefined;
        const own = ['bat', 'left', 'ps1'].map((kind) => `${this.#count}.${kind}`);
        await Promise.race([files.removeFolder(folder, [...own, 'loop.bat', 'run.bat']), connection.lost, sleep(2000)]);
      }
      connection.close();
      return ended;
    })();
    return this.#end;
  }

  /** Reads what comes to its end. What is not taken yet holds the server back, by SSH's window. */
  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#parts.channel as AsyncIterable<Buffer>) {
        // What a program in the background prints between steps is nobody's.
        if (this.#mark === undefined) continue;
        const { output, ended } = this.#mark.push(chunk);
        if (output.length > 0) await this.#active?.output(output);
        if (ended === undefined) continue;
        this.#mark = undefined;
        this.#ended.resolve(ended);
      }
    } catch {
      // The connection was cut.
    }
    // The reason may come a moment after the end.
    if (this.#exitCode === undefined) await Promise.race([this.#parts.connection.lost, sleep(1000)]);
    const rest = this.#mark?.rest();
    this.#mark = undefined;
    if (rest !== undefined && rest.length > 0) await this.#active?.output(rest);
    await this.#active?.flush();
    this.#ended.resolve(undefined);
    const end = this.#lost();
    this.#gone.resolve(end.kind === 'disconnected' ? end.why : 'the shell has ended');
  }

  #lost(): CommandEnd {
    const { connection, host } = this.#parts;
    if (this.#exitCode !== undefined) return { kind: 'shell-exited', code: this.#exitCode | 0 };
    const why = connection.gone ?? 'the server closed the channel';
    return {
      kind: 'disconnected',
      goOn: true,
      why: `the connection to ${host} was lost (${connection.address}: ${why}) while the command ran; nobody knows how far it came, and it goes on there to its end: look at ${host} before you repeat it`,
    };
  }
}

/** Nothing more of a step runs, so that nobody takes what did not run for something that failed as expected. */
export async function refused(active: ActiveCommand, why: string): Promise<BatchEnd> {
  await active.request.onOutput(`${why}\r\n`);
  return { kind: 'ended', end: { kind: 'shell-exited', code: 125 } };
}
