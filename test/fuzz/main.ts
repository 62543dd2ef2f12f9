// Explores random cases: npx tejun-node test/fuzz/main.ts [--form text] [--seed 1] [--from 0] [--count 10000]
import { parseArgs } from 'node:util';
import { forms } from './forms.ts';
import { describeDisagreement } from './run.ts';

const { values } = parseArgs({
  options: {
    form: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '10000' },
  },
});
for (const [name, run] of Object.entries(forms)) {
  if (values.form !== undefined && values.form !== name) continue;
  const began = performance.now();
  const settings = { seed: Number(values.seed), from: Number(values.from), count: Number(values.count) };
  const { disagreements, passed, failed, refused } = await run(settings);
  for (const each of disagreements) console.log(`${describeDisagreement(each)}\n`);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name}, seed ${values.seed}: ${passed} passed, ${failed} failed, ${refused} refused in ${seconds} s`);
  if (disagreements.length > 0) process.exitCode = 1;
}
