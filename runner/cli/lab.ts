import { Command } from 'commander';
import { tellPlace } from '../../core/runbook/facts.ts';
import type { Facts } from '../../core/runbook/model.ts';
import type { Lab } from '../labs/lab.ts';
import { LabError } from '../labs/lab-error.ts';
import { adoptLab } from '../labs/lab-visit.ts';
import { defaultLab, listLabs, loadLab } from '../labs/load.ts';
import { refuseUnknownCheckpoint } from '../runbooks/refuse-unknown.ts';
import { exitCode } from './exit-code.ts';
import { factOption } from './fact-option.ts';
import type { Surroundings } from './surroundings.ts';

const tell = (message: string): void => void process.stderr.write(`${message}\n`);

/** The commands `tejun lab up|down|reset|status|doctor`. */
export function labCommands(surroundings: Surroundings, finish: (code: number) => void): Command {
  const open = (name: string, wishes: { range?: string; facts?: Facts } = {}): Lab =>
    loadLab(name, { root: surroundings.root, ...wishes });
  const lab = new Command('lab').exitOverride().description('bring labs up and down');

  lab
    .command('up')
    .description('bring a lab to ready; does nothing that is done already')
    .argument('[lab]', 'name of the lab', defaultLab)
    .option('--range <range>', 'addresses for its hosts instead of those of the lab file, such as 10.1.2.0/24')
    .addOption(factOption())
    .action(async (name: string, { range, fact }: { range?: string; fact: Facts }) => {
      const wanted = open(name, { ...(range !== undefined && { range }), facts: fact });
      await locked(wanted, (held) => held.up(tell, surroundings.signal));
      adoptLab(surroundings.state, name);
      // Also what it was when it was up already.
      tell(`${tellPlace(name, wanted.chosen())} is ready`);
      finish(exitCode.passed);
    });

  lab
    .command('down')
    .description('end every process of a lab and remove its files')
    .argument('[lab]', 'name of the lab', defaultLab)
    .action(async (name: string) => {
      await locked(open(name), (held) => held.down(tell));
      adoptLab(surroundings.state, name);
      tell(`${name} is down`);
      finish(exitCode.passed);
    });

  lab
    .command('reset')
    .description('put a lab back to a checkpoint')
    .argument('[lab]', 'name of the lab', defaultLab)
    .argument('[checkpoint]', "name of the checkpoint; none: the lab's first one")
    .action(async (name: string, checkpoint: string | undefined) => {
      const wanted = open(name);
      if (wanted.checkpoints.length === 0) {
        throw new LabError(
          `the lab ${name} has no checkpoints: what is on its hosts cannot be taken back\n    hint: bring them yourself to where you want them`,
        );
      }
      if (checkpoint !== undefined) refuseUnknownCheckpoint(wanted, checkpoint);
      await locked(wanted, async (held) => {
        await held.up(tell, surroundings.signal);
        await held.reset(checkpoint, tell, surroundings.signal);
      });
      adoptLab(surroundings.state, name);
      tell(`${name} is at ${checkpoint ?? 'its first checkpoint'}`);
      finish(exitCode.passed);
    });

  lab
    .command('status')
    .description('show the hosts of a lab, or of all labs')
    .argument('[lab]', 'name of the lab')
    .action(async (name: string | undefined) => {
      for (const each of name === undefined ? listLabs(surroundings.root) : [name]) {
        for (const { host, state, detail } of await open(each).status()) {
          console.log(`${each.padEnd(12)} ${host.padEnd(12)} ${state.padEnd(7)} ${detail}`);
        }
      }
      finish(exitCode.passed);
    });

  lab
    .command('doctor')
    .description('check whether this machine can run a lab, and say what to do if not')
    .argument('[lab]', 'name of the lab', defaultLab)
    .action(async (name: string) => {
      const diagnoses = await open(name).doctor();
      for (const { ok, what, hint } of diagnoses)
        console.log(`${ok ? 'ok  ' : 'BAD '} ${what}${ok ? '' : `\n     hint: ${hint}`}`);
      finish(diagnoses.every(({ ok }) => ok) ? exitCode.passed : exitCode.errored);
    });

  return lab;
}

async function locked(lab: Lab, work: (lab: Lab) => Promise<void>): Promise<void> {
  const release = await lab.lock();
  try {
    await work(lab);
  } finally {
    release();
  }
}
