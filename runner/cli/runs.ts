import { type Command, Option } from 'commander';
import { keptRuns, prunable, removeBatch, removeLeftovers } from '../recorder/prune-runs.ts';
import { exitCode, UsageError } from './exit-code.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';

const policy = `
Removed are batches beyond the newest ones and older than so many days, both. Never removed are the newest batch; of each
runbook on each lab the newest run, the newest whole one that ended and the newest that passed, with each choice of facts;
and what a living runner works on. Nothing is removed unless this command is given.

Examples:
  tejun runs prune --dry-run           what it would remove
  tejun runs prune --keep 0 --days 7   all that is a week old and that nobody can go on with or record`;

/** Adds `runs prune`. */
export function runsCommands(program: Command, surroundings: Surroundings, finish: (code: number) => void): void {
  const runs = program.command('runs').description('the records of runs, in .tejun/runs');
  runs
    .command('prune')
    .description('remove old records that nobody needs any more')
    .addOption(new Option('--keep <count>', 'keep so many of the newest batches').default(String(keptRuns.count)))
    .addOption(new Option('--days <count>', 'keep what is younger').default(String(keptRuns.days)))
    .option('--dry-run', 'only tell what would be removed', false)
    .addHelpText('after', policy)
    .action(({ keep, days, dryRun }: { keep: string; days: string; dryRun: boolean }) => {
      const limits = { count: amount('--keep', keep), days: amount('--days', days) };
      finish(prune(surroundings, limits, dryRun));
    });
}

function prune(surroundings: Surroundings, limits: { count: number; days: number }, dryRun: boolean): number {
  const runs = runsFolder(surroundings);
  if (!dryRun) removeLeftovers(runs);
  const old = prunable(runs, new Date(), limits);
  for (const folder of old) {
    const { date, runbooks } = folder.batch;
    if (!dryRun) removeBatch(folder);
    const first = runbooks[0]?.id ?? 'nothing';
    const what = runbooks.length > 1 ? `${first} and ${runbooks.length - 1} more` : first;
    console.log(`${dryRun ? 'would remove' : 'removed'}  ${date.slice(0, 16).replace('T', ' ')} UTC  ${what}`);
  }
  console.log(
    `${old.length === 1 ? '1 batch' : `${old.length} batches`} of runs ${dryRun ? 'would be removed' : 'removed'}`,
  );
  return exitCode.passed;
}

function amount(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} ${text}: write a whole number, 0 or more`);
  return Number(text);
}
