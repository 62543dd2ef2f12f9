import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { defaultPort } from '../server/listen.ts';
import { accept } from './accept.ts';
import { cast } from './cast.ts';
import { ExecutionError, exitCode, UsageError } from './exit-code.ts';
import { factOption } from './fact-option.ts';
import { labCommands } from './lab.ts';
import { list } from './list.ts';
import { verifyMatrix } from './matrix.ts';
import { record } from './record.ts';
import { runsCommands } from './runs.ts';
import { serve } from './serve.ts';
import { buildSite } from './site.ts';
import type { Surroundings } from './surroundings.ts';
import { tellError } from './tell-error.ts';
import { verify } from './verify.ts';

const examples = {
  program: `
Examples:
  tejun verify                                    the whole book on the lab that each page names
  tejun verify operations/point-in-time-recovery  one runbook
  tejun accept operations/start-and-stop          run it and take new output into the page, hunk by hunk
  tejun lab status                                which labs are up
  tejun list                                      runbooks, their steps, how they last ended

Exit codes: 0 all passed, 1 a step failed, 2 a document or the command line is wrong, 3 something could not be executed.`,
  verify: `
Examples:
  tejun verify content/docs/operations --keep         leave the lab up for a look around
  tejun verify operations/logical-backup --from dump  from one step on, on the lab as it stands
  tejun verify content/docs/operations --lab windows  the pages of a folder that are written for this lab
  tejun verify --matrix                               each page on all the labs that it names, with all that they offer
  tejun verify operations --lab windows --fact pg=18  with another version, of those that the lab offers
  tejun verify --resume                               go on where a killed run was
  tejun verify --report junit=report.xml --report json=report.json
  tejun verify --report tap | some-tap-reader`,
  accept: `
Examples:
  tejun accept operations/start-and-stop        shows each hunk and asks
  tejun accept README.md --yes                  takes all of them`,
  record: `
Examples:
  tejun record                                  run the whole book and record it
  tejun record operations/logical-backup        run one runbook and record it
  tejun record --newest                         record the newest runs that came to their end, without running again
  tejun record --from-run 20261123T02 --failed  record runs of an earlier call, also those that failed
  tejun record --matrix --newest                of all labs and versions that \`verify --matrix\` has run

Recordings are in content/recordings; a run that did not pass leaves the old one as it is. With other facts than a lab has
by default (--fact pg=18), what is written there is only that the steps passed with them.`,
  cast: `
Examples:
  tejun cast content/recordings/operations/logical-backup/linux/*.cast | asciinema play -

asciinema 3 plays the files as they are; asciinema 2, which Debian 12 has, needs this.`,
};

/** Runs the program with its command-line arguments and returns its exit code. */
export async function runProgram(args: readonly string[], { root }: { root: string }): Promise<number> {
  const stop = new AbortController();
  const surroundings: Surroundings = { root, state: join(root, '.tejun'), signal: stop.signal };
  const abort = (): void => stop.abort();
  process.on('SIGINT', abort).on('SIGTERM', abort).on('SIGHUP', abort);
  // A reader that has had enough, as in `tejun verify | head`, stops the call as Ctrl-C does: it cleans up, and is no pass.
  process.stderr.on('error', abort);
  let lostOutput: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    lostOutput ??= error;
    abort();
  });
  let code: number = exitCode.passed;
  const program = buildProgram(surroundings, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    await new Promise((resolve) => process.stdout.write('', resolve));
    if (lostOutput === undefined || lostOutput.code === 'EPIPE') return code;
    return say(`standard output could not be written (${lostOutput.message})`, exitCode.errored);
  } catch (error) {
    const says = error instanceof UsageError || error instanceof ExecutionError;
    if (stop.signal.aborted && !says) return say('stopped', exitCode.errored);
    return explain(error);
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort).off('SIGHUP', abort);
  }
}

function buildProgram(surroundings: Surroundings, finish: (code: number) => void): Command {
  const program = new Command('tejun')
    .description('Documentation that runs: executes the steps of MDX pages on a lab and compares what comes.')
    .addHelpText('after', examples.program)
    .exitOverride()
    .showHelpAfterError('(tejun --help shows what there is)');

  const variable = () =>
    new Option('--var <name=value>', 'set a declared variable').argParser(collect).default([] as string[], 'none');
  const from = () => new Option('--from <step>', 'begin at this step, on the lab as it stands');
  const only = () => new Option('--only <step>', 'run just this step, on the lab as it stands');
  const lab = () => new Option('--lab <lab>', 'run on this lab instead of the one that the page names');
  const keep = () => new Option('--keep', 'leave the lab up at the end').default(false);

  program
    .command('verify', { isDefault: false })
    .description('run runbooks and compare their output')
    .argument('[runbook...]', 'files, folders or ids; none: the whole book')
    .addOption(lab())
    .addOption(factOption())
    .addOption(from())
    .addOption(only())
    .option('--resume', 'go on with the newest run, which was killed', false)
    .option(
      '--matrix',
      'run each page on every lab that it names and all values of its facts, and show one table',
      false,
    )
    .addOption(
      new Option('--report <format>', 'json=FILE, junit=FILE, tap or github; may be given more than once')
        .argParser(collect)
        .default([] as string[], 'none'),
    )
    .addOption(variable())
    .addOption(keep())
    .option('--yes', 'run dangerous steps without asking, also on labs that are not made to be thrown away', false)
    .addHelpText('after', examples.verify)
    .action(async (names: string[], options) => {
      const {
        lab: name,
        from: first,
        only: single,
        resume,
        report,
        fact: facts,
        var: variables,
        keep: left,
        yes,
      } = options;
      finish(
        await (options.matrix ? verifyMatrix : verify)(
          names,
          { lab: name, facts, from: first, only: single, resume, variables, reports: report, keep: left, yes },
          surroundings,
        ),
      );
    });

  program
    .command('accept')
    .description('run runbooks and write their new output into the pages')
    .argument('<runbook...>', 'files, folders or ids')
    .addOption(lab())
    .addOption(factOption())
    .addOption(from())
    .addOption(only())
    .addOption(variable())
    .addOption(keep())
    .option('--yes', 'take all hunks without asking', false)
    .addHelpText('after', examples.accept)
    .action(async (names: string[], options) => {
      const { lab: name, from: first, only: single, fact: facts, var: variables, keep: left, yes } = options;
      finish(
        await accept(names, { lab: name, facts, from: first, only: single, variables, keep: left, yes }, surroundings),
      );
    });

  program
    .command('record')
    .description('run runbooks and record what came, for the published pages')
    .argument('[runbook...]', 'files, folders or ids; none: the whole book')
    .addOption(lab())
    .addOption(factOption())
    .option('--newest', 'run nothing; take the newest runs that came to their end', false)
    .option('--from-run <batch>', 'run nothing; take the runs of this folder of .tejun/runs')
    .option('--failed', 'record runs too that did not pass, for pages that show failures', false)
    .option('--matrix', 'each page on every lab that it names and all values of its facts', false)
    .addOption(variable())
    .addOption(keep())
    .option('--yes', 'run dangerous steps without asking, also on labs that are not made to be thrown away', false)
    .addHelpText('after', examples.record)
    .action(async (names: string[], options) => {
      const { lab: name, newest, fromRun, failed, matrix, fact: facts, var: variables, keep: left, yes } = options;
      const run = { newest, fromRun, failed, matrix };
      finish(await record(names, { lab: name, facts, ...run, variables, keep: left, yes }, surroundings));
    });

  program
    .command('cast')
    .description('print a recorded terminal in the format that older players know (asciicast v2)')
    .argument('<file>', 'a .cast file')
    .addHelpText('after', examples.cast)
    .action((file: string) => finish(cast(file)));

  program
    .command('list')
    .description('show runbooks, their steps, and how they last ended')
    .argument('[runbook...]', 'files, folders or ids; none: the whole book')
    .option('--steps', 'show the steps too', false)
    .action((names: string[], options) => finish(list(names, options, surroundings)));

  runsCommands(program, surroundings, finish);

  const port = () =>
    new Option('--port <number>', `serve at this port; none: ${defaultPort}, or the next that is free`).argParser(
      portNumber,
    );
  program
    .command('start')
    .description('open the book: its pages with live steps, in a browser of this machine')
    .addOption(port())
    .option('--no-open', 'only print the address')
    .action(async ({ port: wanted, open }) => finish(await serve({ port: wanted, open }, surroundings)));

  program
    .command('dev')
    .description('as start, for authors: pages follow their files while they are edited')
    .addOption(port())
    .option('--no-open', 'only print the address')
    .action(async ({ port: wanted, open }) => {
      // The development server is only loaded by who develops.
      const { dev } = await import('./dev.ts');
      finish(await dev({ port: wanted, open }, surroundings));
    });

  program
    .command('build')
    .description('build the site that is published, from pages and recordings, into dist/')
    .action(async () => {
      await buildSite(surroundings, { quiet: false });
      finish(exitCode.passed);
    });

  program.addCommand(labCommands(surroundings, finish));
  return program;
}

function portNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new InvalidArgumentError('a port is a number from 1 to 65535');
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.passed : exitCode.usage;
  const { message, code } = tellError(error);
  return say(error instanceof Error && error.name === 'AbortError' ? 'stopped' : message, code);
}

function say(message: string, code: number): number {
  process.stderr.write(`${message}\n`);
  return code;
}
