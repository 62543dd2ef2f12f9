import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import type { CommandEnd } from '../../../core/run/model.ts';
import { ActiveCommand } from '../active-command.ts';
import type { CommandRun, TerminalSession } from '../session.ts';
import type { TerminalListener } from '../shown-text.ts';
import { ShownHistory } from '../ssh/shown-history.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import { createSurrogateDecoder } from '../surrogate-text.ts';
import { type CmdSystem, cmdLines } from '../windows/cmd-lines.ts';
import { programBatch, type StepSetting, stepBatch } from './batch-files.ts';
import type { CodePage } from './code-page.ts';
import { decodeAll } from './code-page.ts';
import { EndMark } from './end-mark.ts';
import { endStep } from './end-step.ts';
import type { LoginShell } from './login-shell.ts';
import { findPowerShell, type PowerShell, scriptCommand } from './powershell.ts';
import { powerShellStep } from './powershell-step.ts';
import type { RemoteFiles } from './remote-files.ts';
import { hidingVariable, type Left, parseLeft, type ShellState } from './shell-state.ts';
import { appendedBy, asTyped, partsOf } from './typed-lines.ts';

const historyLimit = 2 * 1024 * 1024;

/** What a session on a Windows server is made of. */
export type WindowsParts = {
  readonly host: string;
  readonly name: string;
  readonly connection: SshConnection;
  /** What waits for the numbers of steps. */
  readonly channel: ClientChannel;
  readonly files: RemoteFiles;
  /** The session's folder on the server. */
  readonly folder: string;
  readonly secret: string;
  readonly page: CodePage;
  /** What sshd runs commands with. */
  readonly shell: LoginShell;
};

type Request = Omit<CommandRun, 'command'>;

/** How one batch file ended: by its last line, or before it. */
type RunEnd = { readonly kind: 'left'; readonly left: Left } | { readonly kind: 'end'; readonly end: CommandEnd };

/**
 * A session on a Windows server over SSH, without a terminal, where a console would repaint what it shows. One process
 * there lives as long as the connection and runs a batch file for each step, for sshd ends with a command all that it
 * has started. Made by `startWindowsSession`.
 */
export class WindowsSession implements TerminalSession {
  readonly name: string;
  readonly host: string;
  readonly takenUp = false;
  readonly terminal = randomUUID();
  readonly since = Date.now();
  readonly #parts: WindowsParts;
  readonly #history = new ShownHistory(historyLimit);
  #system: CmdSystem;
  #base: ReadonlyMap<string, string> = new Map();
  #state: ShellState | undefined;
  #powerShell: Promise<PowerShell> | undefined;
  #exitCode: number | undefined;
  #sequence = 0;
  /** Batch files that were run. */
  #runs = 0;
  #active: ActiveCommand | undefined;
  #mark: EndMark | undefined;
  #ended = Promise.withResolvers<number | undefined>();
  #closed: string | undefined;
  #end: Promise<void> | undefined;
  /** Somebody ends the step by force. */
  #forcing: Promise<void> = Promise.resolve();

  constructor(parts: WindowsParts) {
    const { page } = parts;
    this.host = parts.host;
    this.name = parts.name;
    this.#parts = parts;
    this.#system = { wine: false, codePage: page.number, has: (text) => page.encode(text) !== undefined };
    parts.channel.on('exit', (code: number | null) => {
      this.#exitCode = code ?? undefined;
    });
    parts.channel.on('error', () => undefined);
    parts.channel.stderr.on('error', () => undefined).resume();
    void this.#read();
  }

  get shell(): LoginShell {
    return this.#parts.shell;
  }

  get codePage(): number {
    return this.#parts.page.number;
  }

  get wine(): boolean {
    return this.#system.wine;
  }

  /** A variable as the next step will find it. */
  variable(name: string): string | undefined {
    return this.#state?.environment.get(name);
  }

  get over(): string | undefined {
    return this.#closed;
  }

  get shownBefore(): number {
    return this.#history.before;
  }

  watch(listener: TerminalListener): void {
    this.#history.add(listener);
  }

  async busy(): Promise<string | undefined> {
    return this.#active === undefined ? undefined : 'a step';
  }

  /** Nobody types here: what is shown is no terminal. */
  write(): void {}

  async resize(): Promise<void> {}

  takeUp(): Promise<CommandEnd> {
    const why = `what runs on a Windows server is lost with the runner that started it, so nobody knows how far the command came; look at ${this.host}`;
    return Promise.resolve({ kind: 'disconnected', why });
  }

  /** Finds out with which environment and where steps begin; the first directory has to be there. */
  async begin(startIn: string | undefined, environment: Readonly<Record<string, string>>): Promise<void> {
    await this.ask([]);
    const first = this.#state;
    if (first === undefined) throw new Error(`host ${this.host}: the server ran nothing`);
    this.#base = first.environment;
    const known = new Map([...first.environment, ...Object.entries(environment)]);
    this.#state = { directory: startIn ?? first.directory, environment: known };
    if (startIn !== undefined) await this.ask([]);
  }

  /** What some lines print, which are run as a step's are; for finding out what the host is. Rejects when they fail. */
  async ask(lines: readonly string[]): Promise<string> {
    let output = '';
    const onOutput = (text: string): void => {
      output += text;
    };
    const active = this.#follow(0, { timeout: 30_000, signal: new AbortController().signal, onOutput });
    const ended = await this.#runBatch(active, (setting) => stepBatch(lines, setting));
    active.finish({ kind: 'stopped' });
    if (ended.kind === 'left' && ended.left.code === 0) return output;
    const how =
      ended.kind === 'left'
        ? `it ended with ${ended.left.code}`
        : ended.end.kind === 'disconnected'
          ? ended.end.why
          : 'it did not come to its end';
    const said = output.trim() === '' ? 'nothing' : output.trim().slice(-500);
    throw new Error(`host ${this.host}: cmd there does not run what it is given: ${how}; it printed ${said}`);
  }

  /** It is Wine's cmd, which tells less of what fails. */
  isWine(): void {
    this.#system = { ...this.#system, wine: true };
  }

  /** Whether PowerShell answers there; asked once. */
  powerShell(): Promise<PowerShell> {
    this.#powerShell ??= findPowerShell(this.#parts.connection).catch((error: Error) => ({
      kind: 'missing',
      why: error.message,
    }));
    return this.#powerShell;
  }

  async run(request: CommandRun): Promise<CommandEnd> {
    const fault = this.#active !== undefined ? 'another command of this session is running' : this.#closed;
    if (fault !== undefined) return { kind: 'disconnected', why: fault };
    if (request.signal.aborted) return { kind: 'stopped' };
    const { command, language } = request;
    if (command.includes('\0'))
      return { kind: 'disconnected', why: 'the command contains a NUL character, which no shell can take; remove it' };
    if (language === 'powershell') {
      const found = await this.powerShell();
      if (found.kind === 'missing') return { kind: 'refused', why: found.why };
      return this.#step(request, (active) => this.#runPowerShell(active, command));
    }
    const found = cmdLines(command, this.#system);
    if (found.kind === 'refused') return { kind: 'refused', why: found.why };
    return this.#step(request, (active) => this.#runLines(active, found.lines));
  }

  async close(): Promise<void> {
    this.#letGo('the session was closed');
    await this.#endAll();
  }

  detach(): void {
    this.#letGo('this runner let go of the session');
    this.#parts.connection.close();
  }

  async #step(request: CommandRun, work: (active: ActiveCommand) => Promise<CommandEnd>): Promise<CommandEnd> {
    if (request.signal.aborted) return { kind: 'stopped' };
    const sequence = ++this.#sequence;
    request.onSequence?.(sequence);
    const shown = request.command.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd').replaceAll('\n', '\r\n');
    const prompt = `${request.language === 'powershell' ? 'PS ' : ''}${this.#state?.directory ?? ''}>`;
    void this.#history.output(`${prompt}${shown}\r\n`);
    this.#history.began(sequence);
    const active = this.#follow(sequence, request, request.language === 'powershell');
    void work(active).then(
      (end) => this.#finish(active, end),
      (error: Error) => this.#finish(active, { kind: 'disconnected', why: error.message }),
    );
    const end = await active.end;
    this.#history.ended(sequence);
    return end;
  }

  async #finish(active: ActiveCommand, end: CommandEnd): Promise<void> {
    if (end.kind === 'shell-exited' || end.kind === 'disconnected') {
      this.#closed ??= end.kind === 'disconnected' ? end.why : 'the step has ended the shell';
      void this.#endAll();
    }
    // It might end the next step too.
    await this.#forcing;
    active.finish(active.ending ?? end);
  }

  #follow(sequence: number, request: Request, utf8 = false): ActiveCommand {
    const expire = (end: CommandEnd) => {
      this.#forcing = this.#force(end);
    };
    const finished = () => {
      if (this.#active === active) this.#active = undefined;
    };
    const onOutput = (text: string): void | Promise<void> => {
      const shown = sequence === 0 ? undefined : this.#history.output(text.replaceAll(/(?<!\r)\n/g, '\r\n'));
      const told = request.onOutput(text);
      return shown && told ? Promise.all([shown, told]).then(() => undefined) : (shown ?? told);
    };
    const decoder = utf8 ? createSurrogateDecoder() : this.#parts.page.decoder();
    const care = { tick: async () => undefined, expire, finished };
    const active = new ActiveCommand(sequence, { ...request, onOutput }, care, true, decoder);
    this.#active = active;
    if (request.signal.aborted) expire({ kind: 'stopped' });
    return active;
  }

  /** Runs the lines in cmd, one part after the other, until one fails. */
  async #runLines(active: ActiveCommand, lines: readonly string[]): Promise<CommandEnd> {
    for (const part of partsOf(lines)) {
      const state = this.#state;
      if (state === undefined) break;
      const typed: string[] = [];
      for (const line of part) {
        const found = asTyped(line, state);
        if (found.kind === 'refused') return this.#refuse(active, found.why);
        typed.push(found.text);
      }
      const appended = part.length === 1 ? appendedBy(part[0] ?? '') : undefined;
      const before = appended === undefined ? 0 : await this.#parts.files.size(appended);
      const ended = await this.#runBatch(active, (setting) => stepBatch(typed, setting));
      if (ended.kind === 'end') return ended.end;
      if (ended.left.code !== 0) return { kind: 'exited', code: ended.left.code };
      if (appended !== undefined && (await this.#parts.files.size(appended)) <= before) {
        await active.request.onOutput(`nothing was appended by \`${part[0]}\`\r\n`);
        return { kind: 'exited', code: 1 };
      }
    }
    return { kind: 'exited', code: 0 };
  }

  async #runPowerShell(active: ActiveCommand, command: string): Promise<CommandEnd> {
    const { files, folder } = this.#parts;
    const script = `${folder}\\${this.#runs + 1}.ps1`;
    const ended = await this.#runBatch(active, async (setting) => {
      await files.write(script, Buffer.from(powerShellStep(command, setting.left)));
      return programBatch(scriptCommand(script), setting);
    });
    await files.remove(script);
    return ended.kind === 'end' ? ended.end : { kind: 'exited', code: ended.left.code };
  }

  /** Nothing more of the step runs, so that nobody takes what did not run for something that failed as expected. */
  async #refuse(active: ActiveCommand, why: string): Promise<CommandEnd> {
    await active.request.onOutput(`${why}\r\n`);
    return { kind: 'shell-exited', code: 125 };
  }

  /** Runs one batch file to its end, and takes over what it has left. */
  async #runBatch(active: ActiveCommand, make: (setting: StepSetting) => string | Promise<string>): Promise<RunEnd> {
    const { files, folder, secret, page, channel } = this.#parts;
    const now = this.#state;
    const run = this.#runs + 1;
    const [batch, left] = [`${folder}\\${run}.bat`, `${folder}\\${run}.left`];
    const bytes = page.encode(await make({ base: this.#base, now, left }));
    this.#runs = run;
    if (bytes === undefined) {
      const why = `a variable or the directory has characters that are not in code page ${page.number}, so the next line cannot have them`;
      return { kind: 'end', end: await this.#refuse(active, why) };
    }
    await files.write(batch, bytes);
    // Stopped or late before anything of it could run.
    if (active.ending !== undefined) return { kind: 'end', end: active.ending };
    this.#mark = new EndMark(secret, run);
    this.#ended = Promise.withResolvers();
    channel.write(`${run}\r\n`);
    const code = await this.#ended.promise;
    if (code === undefined) return { kind: 'end', end: this.#lost() };
    await active.flush();
    const wrote = await files.read(left);
    await Promise.all([files.remove(batch), files.remove(left)]);
    if (active.ending !== undefined) return { kind: 'end', end: active.ending };
    const text = wrote === undefined ? undefined : wrote.includes(0) ? wrote.toString() : decodeAll(page, wrote);
    const found = text === undefined ? undefined : parseLeft(text);
    // It ended before its last line: by `exit`, or because something ended it.
    if (found === undefined || code !== 0)
      return {
        kind: 'end',
        end: { kind: 'shell-exited', code: found === undefined && wrote === undefined ? code : 125 },
      };
    if (found.how === 'lost') {
      const why = `the directory ${now?.directory} is not there`;
      return { kind: 'end', end: await this.#refuse(active, `the step did not begin: ${why}`) };
    }
    const hidden = hidingVariable(found);
    if (hidden !== undefined) {
      const why = `the step sets a variable ${hidden.toUpperCase()}, which hides how its commands ended or where they were`;
      return { kind: 'end', end: await this.#refuse(active, why) };
    }
    this.#state = { directory: found.directory, environment: found.environment };
    return { kind: 'left', left: found };
  }

  /** Reads what comes to its end. What is not taken yet holds the server back, by SSH's window. */
  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#parts.channel as AsyncIterable<Buffer>) {
        const mark = this.#mark;
        // What a program in the background prints between steps is nobody's.
        if (mark === undefined) continue;
        const { output, ended } = mark.push(chunk);
        if (output.length > 0) await this.#active?.output(output);
        if (ended === undefined) continue;
        this.#mark = undefined;
        this.#ended.resolve(ended);
      }
    } catch {
      // The connection was cut.
    }
    await this.#over();
  }

  async #over(): Promise<void> {
    if (this.#exitCode === undefined) await Promise.race([this.#parts.connection.lost, sleep(1000)]);
    const end = this.#lost();
    this.#closed ??= end.kind === 'disconnected' ? end.why : 'the shell has ended';
    const rest = this.#mark?.rest();
    this.#mark = undefined;
    if (rest !== undefined && rest.length > 0) await this.#active?.output(rest);
    await this.#active?.flush();
    this.#ended.resolve(undefined);
    this.#history.gone(this.#closed);
    await this.#endAll();
  }

  #lost(): CommandEnd {
    const { connection } = this.#parts;
    if (this.#exitCode !== undefined) return { kind: 'shell-exited', code: this.#exitCode | 0 };
    const why = connection.gone ?? 'the server closed the channel';
    return {
      kind: 'disconnected',
      why: `the connection to ${this.host} was lost (${why}) while the command ran, so nobody knows how far it came; look at ${this.host}`,
    };
  }

  /** Ends the step: all that hangs together with it, and if that cannot be done, the session. */
  async #force(end: CommandEnd): Promise<void> {
    const active = this.#active;
    if (active === undefined || active.forced || this.#closed !== undefined) return;
    active.forced = true;
    active.ending = end;
    // Nothing runs yet: the file is still on its way.
    if (this.#mark === undefined) return;
    const over = this.#ended.promise.then(() => true);
    const { connection, folder } = this.#parts;
    const { kind } = await this.powerShell();
    for (let round = 0; kind === 'answers' && round < 3 && this.#closed === undefined; round++) {
      await endStep(connection, `${folder}\\${this.#runs}.bat`).catch(() => undefined);
      if (await Promise.race([over, sleep(2000, false)])) return;
    }
    this.#closed ??= `a step could not be ended, and may still run; look at ${this.host}`;
    active.finish(end);
    await this.#endAll();
  }

  /** Ends what the session started: sshd does, when the process ends that waits for steps. */
  #endAll(): Promise<void> {
    this.#end ??= (async () => {
      const { channel, connection, files, folder } = this.#parts;
      if (connection.gone === undefined) {
        const closed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
        channel.end();
        await Promise.race([closed, connection.lost, sleep(2000)]);
        const names = [`${this.#runs}.bat`, `${this.#runs}.left`, `${this.#runs}.ps1`, 'loop.bat', 'run.bat'];
        await Promise.race([files.removeFolder(folder, names), connection.lost, sleep(2000)]);
      }
      connection.close();
    })();
    return this.#end;
  }

  #letGo(why: string): void {
    this.#closed ??= why;
    const active = this.#active;
    active?.finish(active.ending ?? { kind: 'disconnected', why });
    this.#history.gone(this.#closed);
  }
}
