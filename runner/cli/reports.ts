import { accessSync, constants, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { RunState } from '../../core/run/state.ts';
import { type Facts, fileOf } from '../../core/runbook/model.ts';
import { githubReport } from '../reporters/github.ts';
import { jsonReport } from '../reporters/json.ts';
import { junitReport } from '../reporters/junit.ts';
import type { RunReport } from '../reporters/report.ts';
import { tapReport } from '../reporters/tap.ts';
import type { PlannedRun } from '../runbooks/planned-run.ts';
import { UsageError } from './exit-code.ts';

const formats = { json: jsonReport, junit: junitReport, tap: tapReport, github: githubReport } as const;

/** A report that was asked for; without a path it goes to standard output. */
export type ReportChoice = { readonly format: keyof typeof formats; readonly path: string | undefined };

/** Reads `--report` options such as `junit=report.xml` or `tap`. */
export function parseReports(options: readonly string[]): readonly ReportChoice[] {
  const choices = options.map((option): ReportChoice => {
    const [format = '', ...rest] = option.split('=');
    const path = rest.length === 0 ? undefined : rest.join('=');
    if (!Object.hasOwn(formats, format) || path === '') {
      throw new UsageError(`--report ${option}: write json=FILE, junit=FILE, tap or github`);
    }
    const file = path === undefined ? undefined : resolve(path);
    // Found out before anything runs: a run without its report would have to be done again.
    if (file !== undefined && !existsSync(dirname(file)))
      throw new UsageError(`--report ${option}: there is no folder ${dirname(file)}`);
    if (file !== undefined) refuseUnwritable(option, file);
    return { format: format as keyof typeof formats, path: file };
  });
  if (choices.filter(({ path }) => path === undefined).length > 1) {
    throw new UsageError(
      'two reports cannot both go to standard output\n    hint: give one of them a file, as in --report tap=FILE',
    );
  }
  return choices;
}

function refuseUnwritable(option: string, file: string): void {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`--report ${option}: ${file} cannot be written (${(error as Error).message})`);
  }
}

/** Writes the reports; returns what is said of those that could not be written. Of such a one nothing is left, nor of an older one. */
export function writeReports(choices: readonly ReportChoice[], runs: readonly RunReport[]): readonly string[] {
  return choices.flatMap(({ format, path }): readonly string[] => {
    const text = formats[format](format === 'github' ? runs.map(fromRepository) : runs);
    if (path === undefined) process.stdout.write(text);
    else {
      try {
        writeFileSync(path, text);
      } catch (error) {
        if (statSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path, { force: true });
        return [`the ${format} report could not be written to ${path} (${(error as Error).message})`];
      }
    }
    return [];
  });
}

/** A run with its files as they are called from the folder of the repository, by which GitHub finds them. */
function fromRepository(run: RunReport): RunReport {
  const folder = repositoryOf(process.cwd());
  const place = (file: string): string => relative(folder, resolve(file)).split(sep).join('/');
  return {
    ...run,
    file: place(run.file),
    outcomes: run.outcomes.map((outcome) => ({ ...outcome, file: place(outcome.file) })),
  };
}

/** The folder above that has `.git`; without one, the folder itself. */
function repositoryOf(folder: string): string {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return above;
    if (above === dirname(above)) return folder;
  }
}

/** A run as reporters get it. A step without an outcome was never reached. */
export function runReport({ runbook, steps, lab }: PlannedRun, state: RunState): RunReport {
  const outcomes = steps.flatMap((step) => {
    const outcome = state.steps.find(({ id }) => id === step.id)?.outcome;
    return outcome ? [{ ...outcome, line: step.line, file: fileOf(runbook, step) }] : [];
  });
  return {
    runbook: runbook.id,
    file: runbook.file,
    title: runbook.title,
    lab,
    facts: state.facts,
    ...(state.chosen && { chosen: state.chosen }),
    date: state.date,
    verdict: state.verdict ?? 'errored',
    durationMs: state.at,
    outcomes,
  };
}

/** All planned runs as reporters get them; `problem`: why some were not run, or not to their end. */
export function runReports(
  runs: readonly PlannedRun[],
  states: readonly { readonly planned: PlannedRun; readonly state: RunState }[],
  { chosen, problem }: { readonly chosen: (lab: string) => Facts; readonly problem: string },
): readonly RunReport[] {
  return runs.map((planned) => {
    const ended = states.find((state) => state.planned === planned);
    return ended ? runReport(planned, ended.state) : unreached(planned, chosen(planned.lab), problem);
  });
}

/** What is told of a run that was planned and never came to be. */
function unreached({ runbook, lab }: PlannedRun, chosen: Facts, problem: string): RunReport {
  const { id, file, title } = runbook;
  const date = new Date().toISOString();
  return {
    runbook: id,
    file,
    title,
    lab,
    facts: {},
    chosen,
    date,
    verdict: 'errored',
    durationMs: 0,
    problem,
    outcomes: [],
  };
}
