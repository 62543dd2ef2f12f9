import assert from 'node:assert/strict';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientMessage } from '../../core/protocol/client-message.ts';
import { protocolVersion } from '../../core/protocol/client-message.ts';
import type { LabView, RunView, ServerMessage, StepView } from '../../core/protocol/server-message.ts';
import { listFacts } from '../../core/runbook/facts.ts';
import { abbreviated, hashOf } from '../../core/runbook/step-hash.ts';
import { readPage } from '../runbooks/read-page.ts';
import type { Connection, Live, Visitor } from '../server/connection.ts';
import type { Limits } from './limits.ts';
import { createLive } from './live.ts';

// What the tests of this folder share: a checkout with labs of its own, and a page without a browser and a network.

const checkout = join(import.meta.dirname, '..', '..');

/** A lab of two hosts on which nothing has to run. */
const twoHosts = `title: Two hosts
driver: namespaces
disposable: true
hosts:
  alpha: {user: postgres}
  beta: {user: postgres}
checkpoints:
  empty: {}
  other: {}
`;

/** A checkout for tests, with the labs `linux`, `two`, `kept` (not to be thrown away) and `still` (no typing). */
export class TrialCheckout {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'tejun-live-')));
  readonly state = join(this.root, '.tejun');
  readonly #lives = new Map<Live, AbortController>();

  constructor(pages: Readonly<Record<string, string>>) {
    cpSync(join(checkout, 'labs', 'linux'), join(this.root, 'labs', 'linux'), { recursive: true });
    this.write('labs/two/lab.yaml', twoHosts);
    this.write('labs/kept/lab.yaml', twoHosts.replace('disposable: true', 'disposable: false'));
    this.write('labs/still/lab.yaml', `${twoHosts}typing: false\n`);
    for (const [id, page] of Object.entries(pages)) this.page(id, page);
  }

  /** Writes a page: `~~~` stands for a fence of backticks. */
  page(id: string, body: string, settings = 'lab: two'): void {
    const text = `---\ntitle: A test\ntejun:\n  ${settings.replaceAll('\n', '\n  ')}\n---\n\n${body.replaceAll('~~~', '```')}\n`;
    this.write(`content/docs/${id}.mdx`, body.startsWith('---') ? body.replaceAll('~~~', '```') : text);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  live(limits: Partial<Limits> = {}): Live {
    const stop = new AbortController();
    const live = createLive({ root: this.root, state: this.state, signal: stop.signal, limits });
    this.#lives.set(live, stop);
    return live;
  }

  async end(live: Live): Promise<void> {
    this.#lives.get(live)?.abort();
    this.#lives.delete(live);
    await live.close();
  }

  async endAll(): Promise<void> {
    for (const live of [...this.#lives.keys()]) await this.end(live);
  }

  /** Ends what is left, fails when a process or a mount of this checkout is still there, and removes it. */
  async close(): Promise<void> {
    await this.endAll();
    // The kernel clears up after a killed host in its own time.
    for (const deadline = Date.now() + 5000; Date.now() < deadline && this.#traces().length > 0; ) await delay(10);
    assert.deepEqual(this.#traces(), []);
    assert.deepEqual(globSync(join(this.state, '{labs,visits}', '*')), []);
    rmSync(this.root, { recursive: true });
  }

  #traces(): readonly string[] {
    const read = (path: string): string => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    };
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && pid !== `${process.pid}`)
      .filter((pid) =>
        ['cmdline', 'environ', 'mountinfo'].some((file) => read(`/proc/${pid}/${file}`).includes(this.root)),
      )
      .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
  }
}

type Output = { terminal: string; text: string; offset: number; ended: string | undefined };
type Request = Extract<ClientMessage, { request: number }>;
type WithoutRequest<T> = T extends Request ? Omit<T, 'request'> : never;

let pages = 0;

/** A page without a browser: keeps what it is told, and draws terminals at once unless it sleeps. */
export class TrialPage {
  readonly messages: ServerMessage[] = [];
  readonly steps = new Map<string, StepView>();
  readonly labs = new Map<string, LabView>();
  readonly #visitor: Visitor;
  readonly #root: string;
  readonly #waiting = new Set<() => void>();
  readonly #outputs = new Map<string, Output>();
  readonly #answers = new Map<number, ServerMessage>();
  #requests = 0;
  run: RunView | undefined;
  runbook = '';
  lab = '';
  /** Whether it acknowledges what it gets; set to false it sleeps. */
  awake = true;
  /** UTF-16 units of output that came and were not acknowledged. */
  undrawn = 0;

  constructor(
    live: Live,
    { root }: { readonly root: string },
    told: (message: ServerMessage) => void = () => undefined,
  ) {
    this.#root = root;
    const connection: Connection = {
      id: `page${++pages}`,
      send: (message) => {
        told(message);
        this.#receive(structuredClone(message));
      },
      buffered: () => 0,
      close: () => undefined,
    };
    this.#visitor = live.connected(connection);
  }

  /** Says hello and waits until it was answered. */
  async hello(runbook: string, lab?: string): Promise<this> {
    this.runbook = runbook;
    const before = this.messages.length;
    this.send({ kind: 'hello', version: protocolVersion, runbook, ...(lab === undefined ? {} : { lab }) });
    await this.until('welcome', () => this.messages.slice(before).some(({ kind }) => kind === 'welcome'));
    return this;
  }

  send(message: ClientMessage): void {
    this.#visitor.receive(message);
  }

  gone(): void {
    this.#visitor.gone();
  }

  /** Asks for something; resolves when it is done, rejects with what is refused. */
  async ask(message: WithoutRequest<Request>): Promise<void> {
    const request = ++this.#requests;
    this.send({ ...message, request } as Request);
    await this.until(`the answer to ${message.kind}`, () => this.#answers.has(request), 60_000);
    const answer = this.#answers.get(request);
    if (answer?.kind === 'refused') throw new Error(`${answer.what}\n${answer.hint}`);
  }

  /** Runs steps as the page on disk has them. */
  runs(mode: 'step' | 'from' | 'all', step?: string): Promise<void> {
    const runbook = readPage(this.#root, this.runbook);
    assert.ok(runbook);
    const at = step === undefined ? 0 : runbook.steps.findIndex(({ id }) => id === step);
    const chosen = runbook.steps.slice(at, mode === 'step' ? at + 1 : undefined);
    const steps = chosen.map((each) => ({ id: each.id, hash: abbreviated(hashOf(each)) }));
    return this.ask({ kind: 'run', runbook: this.runbook, lab: this.lab, mode, steps, chosen: this.#shown() });
  }

  #shown(): { fact: string; value: string }[] {
    return listFacts(this.labs.get(this.lab)?.chosen ?? {});
  }

  stop(): Promise<void> {
    return this.ask({ kind: 'stop', runbook: this.runbook, lab: this.lab });
  }

  act(action: 'up' | 'down' | 'reset', checkpoint?: string): Promise<void> {
    return this.ask({
      kind: 'lab',
      lab: this.lab,
      action,
      chosen: this.#shown(),
      ...(checkpoint === undefined ? {} : { checkpoint }),
    });
  }

  /** Looks at a host's terminal, from the beginning or from a place. */
  watch(host: string, from: { terminal?: string; from?: number } = {}): Promise<void> {
    return this.ask({ kind: 'watch', lab: this.lab, host, columns: 120, rows: 30, ...from });
  }

  type(host: string, data: string): void {
    this.send({ kind: 'keys', lab: this.lab, host, data });
  }

  /** What is known of a host's terminal. */
  terminal(host: string): Output {
    return this.#outputs.get(host) ?? assert.fail(`there is no terminal of ${host}`);
  }

  /** The part of a host's terminal where a step ran. */
  textOf(step: string): string {
    const view = this.steps.get(step);
    const { text, offset, terminal } = this.terminal(view?.host ?? '');
    assert.equal(view?.place?.terminal, terminal);
    return text.slice(view.place.from - offset, view.place.to === undefined ? undefined : view.place.to - offset);
  }

  async untilShown(host: string, pattern: RegExp): Promise<void> {
    await this.until(`${host} shows ${pattern}`, () => pattern.test(this.#outputs.get(host)?.text ?? ''));
  }

  /** Waits until something is so; looks after each message. */
  async until(what: string, isSo: () => boolean, limit = 20_000): Promise<void> {
    const late = AbortSignal.timeout(limit);
    while (!isSo()) {
      if (late.aborted)
        assert.fail(
          `waited in vain until ${what}; last of all came ${JSON.stringify(this.messages.slice(-5)).slice(0, 3000)}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, 50);
        const waiting = this.#waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  /** Acknowledges what a host's terminal has shown so far. */
  draw(host: string): void {
    const { offset, text } = this.terminal(host);
    this.undrawn = 0;
    this.send({ kind: 'drawn', lab: this.lab, host, offset: offset + text.length });
  }

  #receive(message: ServerMessage): void {
    this.messages.push(message);
    switch (message.kind) {
      case 'welcome':
        for (const view of message.labs) this.labs.set(view.lab, view);
        this.lab = message.lab ?? '';
        break;
      case 'lab':
        this.labs.set(message.view.lab, message.view);
        break;
      case 'run':
        this.run = message.view;
        break;
      case 'step':
        this.steps.set(message.view.step, message.view);
        break;
      case 'done':
      case 'refused':
        if (message.request !== undefined) this.#answers.set(message.request, message);
        break;
      case 'terminal': {
        const known = this.#outputs.get(message.host);
        const goesOn = known?.terminal === message.terminal && message.offset === known.offset + known.text.length;
        if (goesOn) break;
        const { terminal, offset } = message;
        this.#outputs.set(message.host, { terminal, text: '', offset, ended: undefined });
        break;
      }
      case 'output': {
        const known = this.terminal(message.host);
        assert.equal(message.terminal, known.terminal);
        assert.equal(message.offset, known.offset + known.text.length, 'output goes on where it was');
        known.text += message.data;
        this.undrawn += message.data.length;
        const { host } = message;
        if (this.awake) setImmediate(() => this.awake && this.draw(host));
        break;
      }
      case 'terminal-ended':
        this.terminal(message.host).ended = message.why;
        break;
    }
    for (const done of [...this.#waiting]) done();
  }
}
