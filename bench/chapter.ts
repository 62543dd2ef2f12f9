import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runbook } from '../core/runbook/model.ts';
import { loadLab } from '../runner/labs/load.ts';
import { runEvents } from '../runner/recorder/run-log.ts';
import { readRunbooks } from '../runner/runbooks/read-runbooks.ts';
import { runRunbook } from '../runner/runbooks/run-runbook.ts';
import { localAccess } from '../runner/sessions/access.ts';
import { holdBand, interleave, seconds } from './ratio.ts';

// Chapter 4 through the executor, run log and all, against a plain shell script with the same commands on the same lab.
// The script has no expectations: where a page waits with `until`, it repeats the command as often as Tejun had to.

const root = join(import.meta.dirname, '..');
const lab = loadLab('linux', { root });
const host = lab.hosts[0] ?? '';
const signal = new AbortController().signal;
const quiet = (): void => undefined;
const folder = mkdtempSync(join(tmpdir(), 'tejun-bench-chapter-'));

/** Runs a runbook and leaves its log. */
async function throughTejun(runbook: Runbook): Promise<void> {
  const logPath = join(folder, `${runbook.id.replaceAll('/', '-')}.jsonl`);
  rmSync(logPath, { force: true });
  const { verdict } = await runRunbook(
    { runbook, steps: runbook.steps, lab: lab.name, start: 'anew', earlier: undefined },
    {
      lab,
      logPath,
      signal,
      facts: { [host]: await lab.facts(host) },
      variables: runbook.variables,
      listener: { event: quiet, preview: quiet },
      confirm: async () => true,
    },
  );
  if (verdict !== 'passed') throw new Error(`${runbook.id} ended as ${verdict}`);
}

/** The commands that Tejun ran, each attempt, as one bash script; a step that may fail does not end it. */
function scriptOf(runbook: Runbook): string {
  const events = [...runEvents(join(folder, `${runbook.id.replaceAll('/', '-')}.jsonl`))];
  const steps = events.flatMap((event) => {
    if (event.kind !== 'step-started') return [];
    const background = runbook.steps.find(({ id }) => id === event.step)?.background === true;
    return [background ? `{ ${event.command}\n} &` : `{ ${event.command}\n} || true`];
  });
  return `${steps.join('\n')}\nfor job in $(jobs -p); do kill $job; done\n`;
}

async function throughBash(script: string): Promise<void> {
  const access = localAccess(lab.access(host));
  const [program = '', ...args] = [...access.enter, '/bin/bash', '-c', script];
  const child = spawn(program, args, { env: { ...access.environment }, stdio: 'ignore' });
  await once(child, 'exit');
}

const release = await lab.lock();
try {
  await lab.up(quiet, signal);
  const chapter = readRunbooks(root, [join(root, 'content', 'docs', 'operations')]);
  const runbooks = chapter.filter((runbook) => runbook.labs[0] === lab.name);
  console.log(`chapter 4: ${runbooks.length} runbooks, ${runbooks.flatMap(({ steps }) => steps).length} steps`);
  let scripts: readonly string[] = [];
  const over = async (work: (runbook: Runbook, index: number) => Promise<void>): Promise<number> => {
    let total = 0;
    for (const [index, runbook] of runbooks.entries()) {
      await lab.reset(runbook.checkpoint, quiet, signal);
      total += await seconds(() => work(runbook, index));
    }
    return total;
  };
  await over(throughTejun);
  scripts = runbooks.map(scriptOf);
  const time = await interleave(5, {
    tejun: () => over(throughTejun),
    bash: () => over((_runbook, index) => throughBash(scripts[index] ?? '')),
  });
  const { tejun = Number.NaN, bash = Number.NaN } = time;
  console.log(`  tejun ${tejun.toFixed(2)} s, bare script ${bash.toFixed(2)} s`);
  holdBand('wall time against the bare script', tejun / bash, { goal: '≤ 1.1, band 1.2', within: tejun / bash <= 1.2 });
} finally {
  await lab.down(quiet);
  release();
  rmSync(folder, { recursive: true });
}
