/** A runner with one page, to be killed: `live-process.ts ROOT RUNBOOK MODE [STEP]` runs steps and tells what the page is told. */
import { join } from 'node:path';
import { createLive } from './live.ts';
import { TrialPage } from './live-trial.ts';

const [root = '', runbook = '', mode = 'all', step] = process.argv.slice(2);
const live = createLive({ root, state: join(root, '.tejun'), signal: new AbortController().signal });
const page = new TrialPage(live, { root }, (message) => void process.stdout.write(`${JSON.stringify(message)}\n`));
await page.hello(runbook);
await page.act('up');
await page.watch([...(page.labs.get(page.lab)?.hosts ?? [])][0]?.host ?? '');
await page.runs(mode as 'step' | 'from' | 'all', step);
process.stdout.write('over\n');
setInterval(() => undefined, 1000);
