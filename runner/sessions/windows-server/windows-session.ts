import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandEnd } from '../../../core/run/model.ts';
import { ActiveCommand } from '../active-command.ts';
import type { CommandRun, TerminalSession } from '../session.ts';
import type { TerminalListener } from '../shown-text.ts';
import { ShownHistory } from '../ssh/shown-history.ts';
import { createSurrogateDecoder } from '../surrogate-text.ts';
import { type CmdSystem, cmdLines } from '../windows/cmd-lines.ts';
import { programBatch, stepBatch } from './batch-files.ts';
import { BatchRunner, type RunnerParts, refused } from './batch-runner.ts';
import { endStep } from './end-step.ts';
import type { LoginShell } from './login-shell.ts';
import { findPowerShell, type PowerShell, scriptCommand } from './powershell.ts';
import { powerShellStep } from './powershell-step.ts';
import { appendedBy, asTyped, partsOf } from './typed-lines.ts';

/** How much of what steps printed is kept for who looks later, in UTF-16 units. */
const historyLimit = 2 * 1024 * 1024;

/** What a session on a Windows server is made of. */
export type WindowsParts = RunnerParts & {
  readonly name: string;
  /** What sshd runs commands with. */
  readonly shell: LoginShell;
};

type Request = Omit<CommandRun, 'command'>;

/**
 * A session on a Windows server over SSH, without a terminal, where a console would repaint what it shows. One process
 * there lives as long as the connection and runs a batch file for each step, for sshd ends with a command all that it
 * has started. Made by `startWindowsSession`.
 */
export class WindowsSession implements TerminalSession {
  readonly name: string;
  readonly host: string;
  readonly shell: LoginShell;
  readonly takenUp = false;
  readonly terminal = randomUUID();
  readonly since = Date.now();
  readonly #parts: WindowsParts;
  readonly #runner: BatchRunner;
  readonly #history = new ShownHistory(historyLimit);
  #system: CmdSystem;
  #powerShell: Promise<PowerShell> | undefined;
  #sequence = 0;
  #active: ActiveCommand | undefined;
  /** Somebody ends the step by force. */
  #forcing: Promise<void> = Promise.resolve();
  /** Why the session takes no more commands. */
  #closed: string | undefined;

  constructor(parts: WindowsParts) {
    const { page } = parts;
    this.host = parts.host;
    this.name = parts.name;
    this.shell = parts.shell;
    this.#parts = parts;
    this.#system = { wine: false, codePage: page.number, has: (text) => page.encode(text) !== undefined };
    this.#runner = new BatchRunner(parts);
    void this.#runner.gone.then((why) => {
      this.#over(why);
      return this.#runner.close();
    });
  }

  get over(): string | undefined {
    return this.#closed;
  }

  get codePage(): number {
    return this.#system.codePage;
  }

  get wine(): boolean {
    return this.#system.wine;
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
    const why = `what runs on a Windows server is lost with the runner that started it, so nobody knows how far the command came; look at ${this.host} before you repeat it`;
    return Promise.resolve({ kind: 'disconnected', goOn: true, why });
  }

  /** Finds out with which environment and where steps begin; the first directory has to be there. */
  async begin(startIn: string | undefined, environment: Readonly<Record<string, string>>): Promise<void> {
    await this.ask([]);
    this.#runner.beginWith(startIn, environment);
    if (startIn !== undefined) await this.ask([]);
    // Only Wine has this program.
    const wine = (await this.ask(['if exist %SystemRoot%\\system32\\winecfg.exe echo wine'])).startsWith('wine');
    this.#system = { ...this.#system, wine };
  }

  /** What some lines print, which are run as a step's are; for finding out what the host is. Rejects when they fail. */
  async ask(lines: readonly string[]): Promise<string> {
    let output = '';
    const onOutput = (text: string): void => {
      output += text;
    };
    const active = this.#follow({ timeout: 30_000, signal: new AbortController().signal, onOutput }, 0);
    const ended = await this.#runner.run(active, (setting) => stepBatch(lines, setting));
    active.finish({ kind: 'stopped' });
    if (ended.kind === 'left' && ended.left.code === 0) return output;
    const how =
      ended.kind === 'left'
        ? `it ended with ${ended.left.code}`
        : ended.end.kind === 'disconnected'
          ? ended.end.why
          : `it was ended${ended.end.kind === 'shell-exited' ? ` with ${ended.end.code}` : ''}`;
    const said = output.trim() === '' ? 'nothing' : output.trim().slice(-500);
    throw new Error(`host ${this.host}: cmd there does not run what it is given: ${how}; it printed ${said}`);
  }

  /** A variable as the next step will find it. */
  variable(name: string): string | undefined {
    return this.#runner.state?.environment.get(name);
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
    this.#over('the session was closed');
    await this.#runner.close();
  }

  detach(): void {
    this.#over('this runner let go of the session');
    this.#parts.connection.close();
  }

  async #step(request: CommandRun, work: (active: ActiveCommand) => Promise<CommandEnd>): Promise<CommandEnd> {
    if (request.signal.aborted) return { kind: 'stopped' };
    const sequence = ++this.#sequence;
    request.onSequence?.(sequence);
    const inPowerShell = request.language === 'powershell';
    const shown = request.command.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd').replaceAll('\n', '\r\n');
    void this.#history.output(`${inPowerShell ? 'PS ' : ''}${this.#runner.state?.directory ?? ''}>${shown}\r\n`);
    this.#history.began(sequence);
    const active = this.#follow(request, sequence, inPowerShell);
    void work(active)
      .catch((error: Error): CommandEnd => ({ kind: 'disconnected', why: error.message }))
      .then((end) => this.#finish(active, end));
    const end = await active.end;
    this.#history.ended(sequence);
    return end;
  }

  async #finish(active: ActiveCommand, end: CommandEnd): Promise<void> {
    if (end.kind === 'shell-exited' || end.kind === 'disconnected') {
      this.#closed ??= end.kind === 'disconnected' ? end.why : 'the step has ended the shell';
      void this.#runner.close();
    }
    // It might end the next step too.
    await this.#forcing;
    active.finish(end.kind === 'disconnected' ? end : (active.ending ?? end));
  }

  /** `sequence`: 0 for what is no step, and not shown. */
  #follow(request: Request, sequence: number, utf8 = false): ActiveCommand {
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
    const active = new ActiveCommand(sequence, { ...request, onOutput }, care, undefined, decoder);
    this.#active = active;
    return active;
  }

  /** Runs the lines in cmd, one part after the other, until one fails. */
  async #runLines(active: ActiveCommand, lines: readonly string[]): Promise<CommandEnd> {
    const { files } = this.#parts;
    for (const part of partsOf(lines)) {
      const typed: string[] = [];
      for (const line of part) {
        const state = this.#runner.state;
        const found = state === undefined ? undefined : asTyped(line, state);
        if (found?.kind !== 'line') return endOf(await refused(active, found?.why ?? 'the session has not begun'));
        typed.push(found.text);
      }
      const appended = part.length === 1 ? appendedBy(part[0] ?? '') : undefined;
      const before = appended === undefined ? 0 : await files.size(appended);
      const end = endOf(await this.#runner.run(active, (setting) => stepBatch(typed, setting)));
      if (end.kind !== 'exited' || end.code !== 0) return end;
      if (appended !== undefined && (await files.size(appended)) <= before) {
        await active.request.onOutput(`nothing was appended by \`${part[0]}\`\r\n`);
        return { kind: 'exited', code: 1 };
      }
    }
    return { kind: 'exited', code: 0 };
  }

  async #runPowerShell(active: ActiveCommand, command: string): Promise<CommandEnd> {
    const { files } = this.#parts;
    const script = `${this.#runner.next}.ps1`;
    const ended = await this.#runner.run(active, async (setting) => {
      await files.write(script, Buffer.from(powerShellStep(command, setting.left)));
      return programBatch(scriptCommand(script), setting);
    });
    if (this.#closed === undefined) await files.remove(script);
    return endOf(ended);
  }

  /** Ends the step: all that hangs together with it, and if that cannot be done, the session. */
  async #force(end: CommandEnd): Promise<void> {
    const active = this.#active;
    if (active === undefined || active.forced || this.#closed !== undefined) return;
    active.forced = true;
    active.ending = end;
    const { running } = this.#runner;
    // Nothing runs yet: the file is still on its way.
    if (running === undefined) return;
    const over = running.end.then(() => true);
    const { kind } = await this.powerShell();
    for (let round = 0; kind === 'answers' && round < 3 && this.#closed === undefined; round++) {
      await endStep(this.#parts.connection, running.batch).catch(() => undefined);
      if (await Promise.race([over, sleep(2000, false)])) return;
    }
    this.#closed ??= `a step could not be ended, and may still run; look at ${this.host}`;
    // The end of the session ends all that it has started, if the server still says so.
    const ended = await this.#runner.close();
    const why = `it could not be ended; nobody knows how far it came, and it may still run: look at ${this.host} before you repeat it`;
    active.finish(ended ? end : { kind: 'disconnected', goOn: true, why });
  }

  #over(why: string): void {
    this.#closed ??= why;
    const active = this.#active;
    // One that is under way hears by itself that the server is gone.
    if (why !== 'the shell has ended' && this.#parts.connection.gone === undefined)
      active?.finish(active.ending ?? { kind: 'disconnected', why });
    this.#history.gone(this.#closed);
  }
}

function endOf(ended: Awaited<ReturnType<BatchRunner['run']>>): CommandEnd {
  return ended.kind === 'ended' ? ended.end : { kind: 'exited', code: ended.left.code };
}
