import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import { seconds } from '../../../core/run/judge.ts';
import type { CommandEnd } from '../../../core/run/model.ts';
import { ActiveCommand } from '../active-command.ts';
import { clearLine, promptFlags, readlineOff, readlineOn } from '../bash-integration.ts';
import { startsJobs } from '../job-notices.ts';
import { createMarkSplitter, type Mark, type MarkSplitter, type Piece } from '../marks.ts';
import { nextKeys } from '../next-keys.ts';
import { Prompt } from '../prompt.ts';
import type { CommandRun, TerminalSession } from '../session.ts';
import { ShownText, type TerminalListener } from '../shown-text.ts';
import { cutStatements } from '../statements.ts';
import { type Advance, StepProgress } from '../step-progress.ts';
import { isNewEnough, notArrived, tellSilence } from './arrival.ts';
import { helperPatience } from './remote-helper.ts';
import type { RemoteTerminal } from './remote-terminal.ts';
import { ShownHistory } from './shown-history.ts';
import type { SshConnection } from './ssh-connection.ts';
import { SshError } from './ssh-error.ts';

/** How much of what the terminal showed is kept for who looks later, in UTF-16 units. */
const historyLimit = 2 * 1024 * 1024;
const lostPrompt =
  'the prompt came back without an exit status: a command changed PROMPT_COMMAND or switched builtins off (enable -n), leave them as they are';
const noPrompt =
  'the prompt did not come back; a command before may have redirected the stderr of the shell itself by exec';

const silenceMs = 300;

type Request = Omit<CommandRun, 'command'>;

/** A bash on a server, over SSH. It ends with this process. Made by `openSshSession`. */
export class SshSession implements TerminalSession {
  readonly name: string;
  readonly host: string;
  readonly takenUp = false;
  readonly terminal = randomUUID();
  readonly since = Date.now();
  readonly #connection: SshConnection;
  readonly #channel: ClientChannel;
  readonly #splitter: MarkSplitter;
  readonly #prompt = new Prompt();
  readonly #history = new ShownHistory(historyLimit);
  readonly #shown: ShownText;
  #remote: RemoteTerminal | undefined;
  #exitCode: number | undefined;
  #received = 0;
  #sequence = 0;
  /** A step has started jobs. */
  #hasJobs = false;
  #active: ActiveCommand | undefined;
  #typed = false;
  /** The process that waited for keys when looked at last, and when that was. */
  #waiting: number | undefined;
  #lookedAt = 0;
  /** Somebody listens to what comes before the first prompt. */
  #overture: ((text: string) => void) | undefined;
  #end: Promise<boolean> | undefined;
  /** Why the session takes no more commands. */
  #closed: string | undefined;

  constructor(host: string, name: string, connection: SshConnection, channel: ClientChannel, nonce: string) {
    this.host = host;
    this.name = name;
    this.#connection = connection;
    this.#channel = channel;
    this.#splitter = createMarkSplitter(nonce);
    this.#shown = new ShownText(this.#history, [], { nonce });
    channel.on('exit', (code: number | null, signal?: string) => {
      const number = constants.signals[signal as NodeJS.Signals] ?? 0;
      this.#exitCode = code ?? 128 + number;
    });
    channel.on('error', () => undefined);
    void this.#read();
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
    if (this.#active !== undefined) return 'a step';
    if (this.#closed !== undefined || !this.#typed) return undefined;
    let idle = 0;
    for (const end = performance.now() + 2000; performance.now() < end && this.#closed === undefined; await sleep(20)) {
      const front = await this.#remote?.foreground();
      if (front?.program !== undefined) return front.program;
      // Keys need their time to get to the shell: it has them when it waits for more, seen twice.
      idle = front === undefined || front.shellWaits ? idle + 1 : 0;
      if (idle > 1 && this.#prompt.ready) return undefined;
    }
    return this.#prompt.ready || this.#closed !== undefined ? undefined : 'a command line of bash';
  }

  async run(request: CommandRun): Promise<CommandEnd> {
    const fault = this.#active !== undefined ? 'another command of this session is running' : this.#closed;
    if (fault !== undefined) return { kind: 'disconnected', why: fault };
    if (request.signal.aborted) return { kind: 'stopped' };
    if (request.command.includes('\0')) {
      return { kind: 'disconnected', why: 'the command contains a NUL character, which no shell can take; remove it' };
    }
    const refused = await this.#awaitPrompt();
    if (refused !== undefined) return { kind: 'disconnected', why: refused };
    const statements = await cutStatements(request.command, this.#prompt.flags.traced);
    if (request.signal.aborted) return { kind: 'stopped' };
    const sequence = ++this.#sequence;
    request.onSequence?.(sequence);
    return this.#follow(request, new StepProgress(sequence, statements));
  }

  takeUp(): Promise<CommandEnd> {
    const why = `a shell over SSH ends with the runner that opened it, ${helperPatience} s later where the network was cut, and later still where the server let no helper run; so nobody knows how far the command came, and it may still run: look at ${this.host} before you repeat it`;
    return Promise.resolve({ kind: 'disconnected', goOn: true, why });
  }

  write(keys: string): void {
    if (this.#closed !== undefined) return;
    this.#channel.write(keys);
    this.#typed = true;
    if (this.#active !== undefined) this.#active.typed = true;
  }

  async resize(columns: number, rows: number): Promise<void> {
    if (this.#closed === undefined) this.#channel.setWindow(rows, columns, 0, 0);
  }

  async close(): Promise<void> {
    this.#letGo('the session was closed');
    await this.#endAll();
  }

  /** The shell cannot outlive its connection, so letting go of it ends it. */
  detach(): void {
    this.#letGo('this runner let go of the session');
    this.#connection.close();
  }

  /**
   * Waits for our own shell to say that it has begun, then for readline, types `line`, which sets the shell up, and waits for
   * the first prompt with marks. Returns what was printed.
   */
  async bootstrap(line: string, arrival: RegExp, limitMs: number, signal?: AbortSignal): Promise<string> {
    let seen = '';
    let arrived: RegExpExecArray | undefined;
    this.#overture = (text) => {
      seen = (seen + text).slice(-64_000);
      arrived ??= arrival.exec(seen) ?? undefined;
    };
    const deadline = performance.now() + limitMs;
    const until = (condition: () => boolean): Promise<void> =>
      this.#prompt.until(
        () => condition() || this.#closed !== undefined || signal?.aborted === true,
        deadline - performance.now(),
      );
    await until(() => arrived !== undefined);
    const isFit = arrived !== undefined && isNewEnough(arrived.slice(1));
    const takesKeys = (): boolean => seen.includes(readlineOn, seen.lastIndexOf(arrived?.[0] ?? ''));
    if (isFit) await until(takesKeys);
    if (isFit && takesKeys()) {
      this.#channel.write(line);
      await until(() => this.#prompt.ready);
    }
    this.#overture = undefined;
    if (this.#prompt.ready) return seen;
    signal?.throwIfAborted();
    throw this.#noShell(seen, arrived, limitMs);
  }

  #noShell(seen: string, arrived: RegExpExecArray | undefined, limitMs: number): SshError {
    const { address } = this.#connection;
    const kind = this.#closed === undefined ? 'late' : 'closed';
    if (arrived === undefined) return notArrived(address, { kind, printed: seen.slice(-1000) }, limitMs);
    const [, major, minor] = arrived;
    if (!isNewEnough([major, minor])) {
      const what = `bash on ${address} is ${major}.${minor}, and steps need 5.1 or newer`;
      return new SshError('shell', what, 'install a newer one, and put it first into the PATH of the login');
    }
    // What was typed is shown first.
    const answer =
      seen
        .slice(seen.lastIndexOf(arrived[0]) + arrived[0].length)
        .split(readlineOff)
        .at(-1) ?? '';
    const silence = tellSilence({ kind, printed: answer.slice(-1000) }, limitMs);
    return new SshError(
      'shell',
      `bash has begun on ${address}, but ${silence}`,
      'see `directory` and `environment` of the host in the lab file, or give it more time by `login_timeout`',
    );
  }

  /** Why it is not always noticed that a command waits for keys; undefined when it is. */
  async blindness(): Promise<string | undefined> {
    return this.#remote === undefined ? 'no helper runs beside the shell' : this.#remote.blindness();
  }

  /** From now on commands are ended by signals, and seen when they wait for keys. */
  watchOver(remote: RemoteTerminal): void {
    this.#remote = remote;
  }

  #follow(request: Request, progress: StepProgress): Promise<CommandEnd> {
    const expire = (end: CommandEnd) => void this.#force(end, 2000);
    const care = {
      tick: (each: ActiveCommand) => this.#tick(each),
      expire,
      finished: () => {
        if (this.#active === active) this.#active = undefined;
      },
    };
    const active = new ActiveCommand(progress.sequence, request, care, progress);
    this.#active = active;
    this.#typeNext(active);
    if (request.signal.aborted) expire({ kind: 'stopped' });
    return active.end;
  }

  #typeNext(active: ActiveCommand): void {
    const { progress } = active;
    const { statement, number } = progress;
    if (startsJobs(statement)) this.#hasJobs = true;
    active.hasJobs = this.#hasJobs;
    const { keys, command, look } = nextKeys(progress, this.#prompt.flags);
    this.#prompt.left();
    const at = this.#received - this.#splitter.pending();
    this.#shown.typed({ ...number, at, command, ...(look && { look }) });
    this.#channel.write(this.#typed ? clearLine + keys : keys);
    this.#typed = false;
  }

  /** Reads the terminal to its end. What is not taken yet holds the server back, by SSH's window. */
  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#channel as AsyncIterable<Buffer>) {
        this.#received += chunk.length;
        for (const piece of this.#splitter.push(chunk)) {
          const told = this.#take(piece);
          if (told !== undefined) await told;
        }
      }
    } catch {
      // The connection was cut.
    }
    await this.#ended();
  }

  #take(piece: Piece): Promise<void> | undefined {
    // Who watches comes first: when somebody hears of a command's end, its place in the terminal is known.
    const shown = this.#shown.take(piece);
    const told = piece.kind === 'bytes' ? this.#output(piece.bytes) : this.#mark(piece.mark);
    return shown && told ? Promise.all([shown, told]).then(() => undefined) : (shown ?? told);
  }

  #output(bytes: Buffer): Promise<void> | undefined {
    this.#overture?.(bytes.toString('utf8'));
    this.#prompt.output(bytes);
    const active = this.#active;
    return active?.output(bytes);
  }

  #mark(mark: Mark): Promise<void> | undefined {
    const active = this.#active;
    if (mark.kind === 'ready') this.#prompt.came(promptFlags(mark.flags, mark.pipe));
    if (active === undefined) return undefined;
    return active.follow(mark, (advance) => this.#advance(active, advance, mark));
  }

  #advance(active: ActiveCommand, advance: Advance, mark: Mark): void {
    switch (advance.kind) {
      case 'on':
        if (mark.kind === 'ready' && active.ending !== undefined) this.#fail('the command was stopped before it began');
        return;
      case 'type':
        if (active.ending === undefined) this.#typeNext(active);
        else active.finish(active.ending);
        return;
      case 'end': {
        const { kind: _, ...exited } = advance;
        active.finish(active.ending ?? { kind: 'exited', ...exited });
        return;
      }
      case 'lost-prompt':
        this.#fail(lostPrompt);
    }
  }

  async #tick(active: ActiveCommand): Promise<void> {
    const remote = this.#remote;
    const looking = () => this.#active === active && active.began && active.ending === undefined && !active.typed;
    if (remote === undefined || !looking()) return;
    const silence = performance.now() - active.outputAt;
    if (silence < silenceMs || performance.now() - this.#lookedAt < (silence < 10_000 ? 200 : 1000)) return;
    const found = await remote.waitingForKeys();
    this.#lookedAt = performance.now();
    // What it printed while we looked may be what it had waited for.
    const again = found !== undefined && found.pid === this.#waiting && this.#lookedAt - active.outputAt >= silence;
    this.#waiting = found?.pid;
    if (!again || !looking()) return;
    const atPrompt = found.pid === remote.shell && active.tail.includes(readlineOn);
    await this.#force({ kind: 'waits-for-input', program: found.name }, 300, atPrompt);
  }

  /** A command that nobody can follow any more, or end. */
  #abandoned(what: string): CommandEnd {
    const until =
      this.#remote === undefined
        ? 'no helper beside it ends what ignores a hang-up'
        : `what the session started is ended there ${helperPatience} s after the last sign of life`;
    const why = `${what}; nobody knows how far it came, and it may still run (${until}): look at ${this.host} before you repeat it`;
    return { kind: 'disconnected', goOn: true, why };
  }

  /**
   * Ends the command: Ctrl-C, then SIGTERM and SIGKILL to what it started, at last the shell. `atPrompt`: the shell
   * edits a line. After Ctrl-C `read -e` comes to its end; a prompt that has lost its marks does not.
   */
  async #force(end: CommandEnd, graceMs: number, atPrompt = false): Promise<void> {
    const active = this.#active;
    if (active === undefined || active.forced || this.#closed !== undefined) return;
    active.forced = true;
    active.ending = end;
    const over = () => this.#active !== active;
    this.#channel.write('\x03');
    await this.#prompt.until(over, graceMs);
    if (!atPrompt) await this.#signal(over, Math.min(graceMs, 1000));
    if (over()) return;
    if (atPrompt) active.ending = undefined;
    this.#fail(atPrompt ? lostPrompt : 'the shell did not react and was ended');
  }

  async #signal(over: () => boolean, graceMs: number): Promise<void> {
    if (over()) return;
    if (this.#remote === undefined) {
      // Ctrl-\: without a helper nothing but keys can end it.
      this.#channel.write('\x1c');
      return this.#prompt.until(over, graceMs);
    }
    await this.#remote.signalCommands('TERM');
    await this.#prompt.until(over, graceMs);
    for (let round = 0; round < 20 && !over(); round++) {
      await this.#remote.signalCommands('KILL');
      await this.#prompt.until(over, 50);
    }
  }

  /** The shell is of no use any more: ends it, and the command under way with it. */
  #fail(why: string): void {
    this.#closed ??= why;
    const active = this.#active;
    // What comes of ending the shell is not how the command ended.
    if (active !== undefined) active.ending ??= { kind: 'disconnected', goOn: true, why };
    void this.#endAll().then((ended) => active?.finish(this.#endingOf(active, ended)));
  }

  /** How a command ended that was to be ended: as told only when something there says that it has. */
  #endingOf({ ending }: ActiveCommand, confirmed: boolean): CommandEnd {
    if (ending === undefined) return this.#abandoned(this.#lostText());
    switch (ending.kind) {
      case 'timed-out':
        return confirmed
          ? ending
          : this.#abandoned(`it did not end within ${seconds(ending.afterMs)}, ${this.#unended()}`);
      case 'stopped':
        return confirmed ? ending : this.#abandoned(`it was to be stopped, ${this.#unended()}`);
      default:
        return ending;
    }
  }

  #unended(): string {
    const gone = this.#connection.gone;
    return gone === undefined || this.#remote === undefined
      ? 'and did not heed Ctrl-C, so its connection was closed'
      : `and could not be ended: ${this.#lostText()}`;
  }

  #lostText(): string {
    const { address, gone = 'the server closed the terminal' } = this.#connection;
    return `the connection to ${this.host} was lost (${address}: ${gone}) while the command ran`;
  }

  /** Ends what runs on the terminal, as long as there is a way to it, then the connection. False: nobody says that it has ended. */
  #endAll(): Promise<boolean> {
    this.#end ??= (async () => {
      const { gone, lost } = this.#connection;
      const ended = gone === undefined && (await Promise.race([this.#remote?.end(), lost.then(() => false)]));
      this.#connection.close();
      return ended === true;
    })();
    return this.#end;
  }

  /** Waits until the shell takes keys; the reason why it does not, if so. Nothing is typed into what a reader started. */
  async #awaitPrompt(): Promise<string | undefined> {
    if (this.#typed) {
      const program = await this.busy();
      if (program !== undefined)
        return `the terminal on ${this.host} is busy with ${program}: end it there (Ctrl-C), or wait`;
    }
    await this.#prompt.until(() => this.#prompt.ready || this.#closed !== undefined, 5000);
    if (this.#closed !== undefined) return this.#closed;
    if (this.#prompt.ready) return undefined;
    this.#closed = noPrompt;
    return noPrompt;
  }

  #letGo(why: string): void {
    this.#closed ??= why;
    this.#prompt.close();
    this.#active?.finish(this.#active.ending ?? { kind: 'disconnected', why });
    this.#history.gone(this.#closed);
  }

  /** The terminal's output is at its end: because the shell ended, or because the connection did. */
  async #ended(): Promise<void> {
    // The reason may come a moment after the end.
    if (this.#exitCode === undefined) await Promise.race([this.#connection.lost, sleep(1000)]);
    const code = this.#exitCode;
    const { address, gone = 'the server closed the terminal' } = this.#connection;
    this.#closed ??=
      code !== undefined
        ? `the shell has ended with exit code ${code}`
        : `the connection to ${this.host} was lost (${address}: ${gone})`;
    this.#prompt.close();
    const active = this.#active;
    if (active !== undefined) {
      await active.flush();
      if (code === undefined) active.finish(this.#endingOf(active, false));
      else active.finish(active.ending ?? { kind: 'shell-exited', code });
    }
    this.#history.gone(this.#closed);
    // A job may have outlived its shell.
    await this.#endAll();
  }
}
