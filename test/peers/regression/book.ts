import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { literalLines } from '../../../core/expectation/accept-lines.ts';
import type { RunEvent } from '../../../core/run/model.ts';
import { runEvents } from '../../../runner/recorder/run-log.ts';

/** A step as this book's pages have them; its expectation takes nothing but these lines. */
export type BookStep = {
  readonly id: string;
  readonly language: 'sh' | 'sql';
  readonly attributes: string;
  readonly text: string;
  readonly expected: readonly string[];
};

/** A book of generated pages in a folder of its own, on this machine, which `tejun verify` runs. */
export class Book {
  readonly root: string;
  #pages = 0;

  /** `socket`: folder of the socket of the server that steps in SQL run on. */
  constructor(root: string, socket: string) {
    this.root = root;
    mkdirSync(join(root, 'content/docs'), { recursive: true });
    mkdirSync(join(root, 'labs/regression'), { recursive: true });
    const database = `{user: postgres, name: regression, socket: ${JSON.stringify(socket)}, port: 5432}`;
    const hosts = `hosts:\n  here:\n    database: ${database}\n`;
    writeFileSync(join(root, 'labs/regression/lab.yaml'), `title: Regression tests\ndriver: checkout\n${hosts}`);
  }

  /** Adds a page; pages run in the order in which they were added. */
  add(name: string, steps: readonly BookStep[]): void {
    const number = String(++this.#pages).padStart(3, '0');
    const fences = steps.map(({ id, language, attributes, text, expected }) => {
      const output = literalLines(expected);
      return [
        fenced(`${language} step=${id} ${attributes}`, text.replaceAll('{{', '\\{{')),
        fenced('expect', output.join('\n')),
      ].join('\n');
    });
    const front = `---\ntitle: ${name}\ntejun:\n  lab: regression\n---\n`;
    writeFileSync(join(this.root, 'content/docs', `${number}-${name}.mdx`), `${front}\n${fences.join('\n')}`);
  }

  /** Runs all pages with the real program. Returns its run logs by the pages' names. */
  async verify(): Promise<ReadonlyMap<string, readonly RunEvent[]>> {
    const child = spawn(process.execPath, [...process.execArgv, main, 'verify', '--report', 'tap'], {
      env: { ...process.env, TEJUN_ROOT: this.root, NO_COLOR: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    // 0 and 1 are verdicts.
    if (code !== 0 && code !== 1 && code !== 3) throw new Error(`tejun verify ended with ${code}:\n${said}`);
    const logs = globSync(join(this.root, '.tejun/runs/*/**/*.jsonl')).sort();
    return new Map(logs.map((log) => [basename(log, '.jsonl').replace(/^\d+-/, ''), [...runEvents(log)]]));
  }
}

const main = join(import.meta.dirname, '../../../runner/main.ts');

function fenced(info: string, text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(2, ...runs) + 1);
  return `${fence}${info}\n${text === '' ? '' : `${text}\n`}${fence}\n`;
}
