import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCast } from '../../core/cast/encode.ts';
import type { RecordedStep, Recording } from '../../core/recording/model.ts';
import { formatVerification, type Verification, verificationFile } from '../../core/recording/verification.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import { believed, healthy, standbyDown } from '../../core/topology/topology-trial.ts';
import { hostileRecording } from './hostile-recording.ts';
import { outcomesRecording } from './outcomes-recording.ts';

/** A recorded step of which what is not said is as with most. */
export type Sketch = Partial<RecordedStep> & { readonly step: string };

/** When the fixture's recordings were made. */
export const recordedOn = '2026-11-20T21:30:00.000Z';

/** The cases in `book/` with recordings of them, in a folder of its own. */
export class RecordedBook {
  readonly root = mkdtempSync(join(tmpdir(), 'tejun-book-'));

  constructor() {
    cpSync(join(import.meta.dirname, 'book'), this.root, { recursive: true });
    this.record('cases/outcomes', 'linux', outcomesRecording);
    this.record('cases/hostile', 'linux', hostileRecording);
    this.record('cases/labs', 'linux', [
      { step: 'where', output: '/home/postgres\n' },
      { step: 'both-verified', output: '2\n' },
      { step: 'one-only', output: '3\n' },
    ]);
    this.record('cases/labs', 'windows', [
      { step: 'where', command: 'cd', output: 'C:\\Users\\postgres\n' },
      { step: 'both-verified', output: '2\n' },
    ]);
    this.verify('cases/labs', '9', ['where', 'both-verified', 'one-only']);
    this.verify('cases/labs', '10', ['where', 'both-verified'], { 'both-verified': '0'.repeat(64) });
    this.record('cases/topology', 'linux', [
      { step: 'healthy', output: '1\n', topology: healthy },
      { step: 'believed', output: '2\n', topology: believed },
      { step: 'standby-down', output: '3\n', topology: standbyDown },
    ]);
    this.record('cases/split', 'linux', [
      { step: 'in-tabs', output: 'Linux\n' },
      { step: 'prose', output: 'bash\n' },
    ]);
    this.record('cases/split', 'windows', [{ step: 'in-tabs', output: 'Microsoft Windows 10.0.19045\n' }]);
    this.record('cases/shows-parts', 'linux', [
      { step: 'own', output: 'own\n' },
      { step: 'common', output: 'common\n' },
      { step: 'plain', output: 'plain\n' },
      { step: 'inner', output: 'inner\n' },
      { step: 'outer', output: 'outer\n' },
    ]);
    this.record('cases/shows-parts-too', 'linux', [
      { step: 'common', output: 'common\n', host: 'pgpool1', hash: '0'.repeat(64) },
    ]);
    this.record('cases/places', 'linux', [
      { step: 'in-list', output: 'in a list\n' },
      { step: 'between', output: '{braces} quotes -- <b>\n' },
    ]);
  }

  /** Writes recording and casts of a page, as `tejun record` does. */
  record(runbook: string, lab: string, sketches: readonly Sketch[]): void {
    const folder = join(this.root, 'content', 'recordings', runbook, lab);
    mkdirSync(folder, { recursive: true });
    const hashes = this.hashes(runbook);
    const steps = sketches.map(
      (sketch, index): RecordedStep => ({
        hash: hashes.get(sketch.step) ?? '0'.repeat(64),
        at: index * 1000,
        host: 'postgres1',
        command: '',
        verdict: 'passed',
        reason: undefined,
        end: { kind: 'exited', code: 0 },
        diff: undefined,
        output: '',
        outputLines: (sketch.output ?? '').split('\n').length - 1,
        durationMs: 12,
        attempts: 1,
        hints: [],
        ...sketch,
      }),
    );
    const recording: Recording = {
      version: 1,
      runbook,
      lab,
      date: recordedOn,
      durationMs: steps.length * 1000,
      verdict: steps.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'failed',
      hosts: {
        postgres1: { os: lab, shell: lab === 'windows' ? 'cmd' : 'bash', pg: '15', pg_version: '15.18' },
        pgpool1: { os: lab, pgpool: '4.3.5' },
      },
      casts: Object.fromEntries(steps.map(({ host }) => [host, `${host}.cast`])),
      steps,
    };
    writeFileSync(join(folder, 'recording.json'), JSON.stringify(recording, null, 2));
    for (const host of new Set(steps.map((step) => step.host)))
      writeFileSync(join(folder, `${host}.cast`), castOf(steps.filter((step) => step.host === host)));
  }

  /** Writes that steps of a page passed on `windows` with another PostgreSQL, as `tejun record --fact pg=…` does. */
  verify(runbook: string, pg: string, steps: readonly string[], before: Readonly<Record<string, string>> = {}): void {
    const hashes = this.hashes(runbook);
    const verification: Verification = {
      version: 1,
      runbook,
      lab: 'windows',
      chosen: { pg },
      date: recordedOn,
      hosts: { postgres1: { os: 'windows', pg, pg_version: `${pg}.4` } },
      passed: Object.fromEntries(steps.map((step) => [step, before[step] ?? hashes.get(step) ?? ''])),
      elsewhere: {},
    };
    const folder = join(this.root, 'content', 'recordings', runbook, 'windows');
    writeFileSync(join(folder, verificationFile({ pg })), formatVerification(verification));
  }

  /** Hashes of a page's steps as they are now. */
  hashes(runbook: string): ReadonlyMap<string, string> {
    const file = join(this.root, 'content', 'docs', `${runbook}.mdx`);
    const read = (path: string): string => readFileSync(path, 'utf8');
    const { runbook: page } = extractRunbook(read(file), { file, id: runbook, read });
    return new Map(page.steps.map((step) => [step.id, hashOf(step)]));
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function castOf(steps: readonly RecordedStep[]): string {
  return encodeCast(
    { columns: 80, rows: 24, terminal: 'xterm-256color' } as Parameters<typeof encodeCast>[0],
    steps.flatMap((step) => [
      { kind: 'marker' as const, at: step.at, label: step.step },
      { kind: 'output' as const, at: step.at + 10, data: `$ ${step.step}\r\n${step.output.replaceAll('\n', '\r\n')}` },
    ]),
  );
}
