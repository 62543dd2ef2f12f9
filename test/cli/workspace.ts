import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const checkout = join(import.meta.dirname, '..', '..');

/** How a call of the program ended; `code` is undefined when a signal ended it. */
export type Ended = { readonly code: number | undefined; readonly stdout: string; readonly stderr: string };

/** A running call of the program, leader of a process group of its own as behind a terminal. */
export type Call = { readonly child: ChildProcess; readonly ended: Promise<Ended> };

/** A checkout of its own with the real program, the real labs and a book of the test's: it meets nobody else's labs. */
export class Workspace {
  readonly root = mkdtempSync(join(tmpdir(), 'tejun-cli-'));

  constructor(pages: Readonly<Record<string, string>>) {
    const wanted = (source: string): boolean => !source.endsWith('.test.ts') && !source.endsWith(`${sep}fixtures`);
    for (const part of ['runner', 'core'])
      cpSync(join(checkout, part), join(this.root, part), { recursive: true, filter: wanted });
    for (const part of ['labs', 'package.json'])
      cpSync(join(checkout, part), join(this.root, part), { recursive: true });
    symlinkSync(join(checkout, 'node_modules'), join(this.root, 'node_modules'));
    for (const [name, page] of Object.entries(pages)) this.write(name, page);
  }

  /** Path of a page of the book. */
  page(name: string): string {
    return join(this.root, 'content', 'docs', name);
  }

  write(name: string, page: string): void {
    mkdirSync(dirname(this.page(name)), { recursive: true });
    writeFileSync(this.page(name), page);
  }

  read(name: string): string {
    return readFileSync(this.page(name), 'utf8');
  }

  /** Starts the program; its standard input is empty. */
  start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Call {
    const child = spawn(process.execPath, ['runner/main.ts', ...args], {
      cwd: this.root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    const { stdout, stderr } = child;
    const ended = Promise.all([once(child, 'close'), text(stdout), text(stderr)]).then(
      ([[code], out, err]): Ended => ({ code: code ?? undefined, stdout: out, stderr: err }),
    );
    return { child, ended };
  }

  /** Runs the program to its end. */
  run(...args: readonly string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** The text of all run logs, oldest batch first. */
  logs(): readonly string[] {
    return globSync(join(this.root, '.tejun/runs/*/**/*.jsonl'))
      .sort()
      .map((path) => readFileSync(path, 'utf8'));
  }

  /** Fails when a process or a mount of this workspace, or a lab of it, is still there. */
  async nothingIsLeft(): Promise<void> {
    // The kernel clears up after a killed host in its own time.
    for (const deadline = Date.now() + 5000; Date.now() < deadline && this.traces().length > 0; ) await delay(10);
    assert.deepEqual(this.traces(), []);
    for (const folder of ['labs', 'visits'])
      assert.deepEqual(globSync(join(this.root, '.tejun', folder, '*')), [], `${folder} is empty`);
  }

  private traces(): readonly string[] {
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid))
      .flatMap((pid) => {
        const read = (file: string): string => {
          try {
            return readFileSync(`/proc/${pid}/${file}`, 'utf8');
          } catch {
            return '';
          }
        };
        return ['cmdline', 'environ', 'mountinfo']
          .filter((file) => read(file).includes(this.root))
          .map((file) => `${pid} ${file}: ${read('cmdline').replaceAll('\0', ' ')}`);
      });
  }

  /** Takes the lab down and removes everything. */
  async close(): Promise<void> {
    const { code, stderr } = await this.run('lab', 'down', 'linux');
    assert.equal(code, 0, stderr);
    await this.nothingIsLeft();
    rmSync(this.root, { recursive: true });
  }
}

/** Waits until something is so; fails after 20 s, or when the call that is to make it so has ended. */
export async function until(what: string, isSo: () => boolean, call?: Call): Promise<void> {
  for (const deadline = Date.now() + 20_000; !isSo(); await delay(5)) {
    if (Date.now() > deadline) assert.fail(`waited 20 s in vain until ${what}`);
    if (!call || (call.child.exitCode === null && call.child.signalCode === null)) continue;
    const { code, stdout, stderr } = await call.ended;
    assert.fail(`the program ended with ${code} before ${what}\n${stdout}${stderr}`);
  }
}

/** A page on the lab `linux`: front matter, then `body`, in which `~~~` stands for a fence of backticks. */
export function page(body: string, settings = 'checkpoint: empty'): string {
  return `---\ntitle: A test\ntejun:\n  lab: linux\n  ${settings.replaceAll('\n', '\n  ')}\n---\n\n${body.replaceAll('~~~', '```').trimStart()}`;
}
