import assert from 'node:assert/strict';
import type { Outcome } from '../../core/run/model.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { executeHere } from '../execution.ts';
import { type FailingLines, failingLines } from './failing-lines.ts';
import { type HostileLines, hostileLines } from './hostile-lines.ts';

/** One shell to be tried: hostile lines, before each failing ones or together with them in one step. */
export type Trial = {
  readonly name: string;
  readonly hostile: HostileLines;
  readonly together: boolean;
  readonly failing: readonly FailingLines[];
};

/** All hostile lines with all failing ones, each pair in two steps and in one. */
export function allTrials(): readonly Trial[] {
  return hostileLines.flatMap((hostile) =>
    (hostile.swallows ? [false] : [false, true]).map((together) => trialOf(hostile, together, fittingLines(hostile))),
  );
}

/** All hostile lines that do not hang, each with two of the failing ones: which, and in one step or two, differs by its place. */
export function sampleTrials(): readonly Trial[] {
  return hostileLines
    .filter(({ slow, swallows }) => !slow && !swallows)
    .map((hostile, index) => {
      const fitting = fittingLines(hostile);
      const failing = [0, 1].flatMap((offset) => fitting[(index * 7 + offset) % fitting.length] ?? []);
      return trialOf(hostile, index % 2 === 0, failing);
    });
}

function trialOf(hostile: HostileLines, together: boolean, failing: readonly FailingLines[]): Trial {
  return { name: `${hostile.name}${together ? ', in the same step' : ''}`, hostile, together, failing };
}

/** Lines that fail even after these. */
function fittingLines({ changes }: HostileLines): readonly FailingLines[] {
  return failingLines.filter(({ uses }) => !uses?.some((word) => changes?.includes(word)));
}

/** Tries a shell: no failing lines pass, and where the shell lives they fail, and a cleanup step after them passes. */
export async function tryShell({ hostile, together, failing }: Trial): Promise<void> {
  const before = together ? [] : [step('hostile', 'exit=any cleanup timeout=2s', hostile.lines)];
  const failed = failing.map(({ lines }, index) =>
    step(`fails-${index}`, 'cleanup timeout=5s', together ? `${hostile.lines}\n${lines}` : lines),
  );
  const page = [...before, ...failed, step('tidy', 'cleanup timeout=5s', '[[ x ]]')].join('\n');
  const { runbook, problems } = extractRunbook(page, { file: 'hostile.mdx', id: 'hostile' });
  assert.deepEqual(problems, []);
  const { steps, verdict } = await executeHere(runbook);
  const outcome = (id: string): Outcome =>
    steps.find((state) => state.id === id)?.outcome ?? assert.fail(`no outcome of ${id}`);
  const wrong = failing.flatMap(({ lines }, index) => {
    const { verdict, reason } = outcome(`fails-${index}`);
    const right = hostile.ruins || together ? verdict !== 'passed' : verdict === 'failed';
    return right ? [] : [`${JSON.stringify(lines)}: ${verdict}, ${reason}`];
  });
  const tidy = outcome('tidy');
  if (!hostile.ruins && tidy.verdict !== 'passed') wrong.push(`the cleanup: ${tidy.verdict}, ${tidy.reason}`);
  assert.deepEqual(wrong, []);
  assert.notEqual(verdict, 'passed');
}

function step(id: string, attributes: string, lines: string): string {
  return `\`\`\`\`sh step=${id} ${attributes}\n${lines}\n\`\`\`\`\n`;
}
