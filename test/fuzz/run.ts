import type { Form } from './form.ts';
import { Random, seedOf } from './random.ts';
import { judge, readTrial } from './trial.ts';

/** A case on which the product and an oracle disagree, as small as it could be made. */
export type Disagreement = {
  readonly form: string;
  readonly seed: number;
  readonly index: number;
  readonly text: string;
};

/** What a run of cases found. `refused`: right outputs that may be read in two ways, and failed. */
export type FuzzResult = {
  readonly disagreements: readonly Disagreement[];
  readonly passed: number;
  readonly failed: number;
  readonly refused: number;
};

/** Tries the cases `from` up to `from + count` of a form. Ends at `most` disagreements. */
export async function fuzz<Case>(
  form: Form<Case>,
  { seed, from = 0, count, most = 3 }: { seed: number; from?: number; count: number; most?: number },
): Promise<FuzzResult> {
  const disagreements: Disagreement[] = [];
  let [passed, failed, refused] = [0, 0, 0];
  for (let index = from; index < from + count && disagreements.length < most; index++) {
    const of = form.make(new Random(seedOf(seed, index)));
    const found = await complaintAbout(form, of, seedOf(seed, index));
    if (found.complaint !== undefined) {
      const small = await shrink(form, of, found.complaint, seedOf(seed, index));
      disagreements.push({ form: form.name, seed, index, text: small });
    } else if (found.passed) passed++;
    else if (form.oracle(of) === 'refusable') refused++;
    else failed++;
  }
  return { disagreements, passed, failed, refused };
}

/** How to see a disagreement, and how to make it again. */
export function describeDisagreement({ form, seed, index, text }: Disagreement): string {
  return `${form}, case ${index} of seed ${seed}: npx tejun-node test/fuzz/main.ts --form ${form} --seed ${seed} --from ${index} --count 1\n${text}`;
}

type Found = { readonly complaint: string | undefined; readonly passed: boolean };

async function complaintAbout<Case>(form: Form<Case>, of: Case, seed: number): Promise<Found> {
  const trial = form.trial(of);
  const read = readTrial(trial);
  if ('refused' in read) return { complaint: `the page is refused: ${read.refused}`, passed: false };
  try {
    const verdict = await judge(read.expectation, trial, undefined);
    const again = await judge(read.expectation, trial, new Random(seed));
    if (JSON.stringify(again) !== JSON.stringify(verdict))
      return { complaint: 'the verdict depends on how the output was cut', passed: verdict.passed };
    const answer = form.oracle(of);
    if (verdict.passed !== (answer === 'pass') && !(answer === 'refusable'))
      return { complaint: `${verdict.passed ? 'a false pass' : 'a false failure'}`, passed: verdict.passed };
    return { complaint: await form.complaint?.(of, verdict), passed: verdict.passed };
  } catch (error) {
    return { complaint: `thrown: ${error instanceof Error ? error.stack : String(error)}`, passed: false };
  }
}

/** Looks for a smaller case with the same sort of complaint, until no simpler one has it. */
async function shrink<Case>(form: Form<Case>, of: Case, complaint: string, seed: number): Promise<string> {
  const sort = (text: string): string => text.split(/[:\n]/)[0] ?? '';
  let smallest = { of, complaint };
  const tried = new Set<string>();
  for (let again = true; again; ) {
    again = false;
    for (const simpler of form.simpler(smallest.of)) {
      const known = JSON.stringify(form.trial(simpler));
      if (tried.has(known)) continue;
      tried.add(known);
      const found = await complaintAbout(form, simpler, seed);
      if (found.complaint === undefined || sort(found.complaint) !== sort(complaint)) continue;
      smallest = { of: simpler, complaint: found.complaint };
      again = true;
      break;
    }
  }
  const { form: kind, order, body, output } = form.trial(smallest.of);
  const fence = [`expect ${kind}${order === 'exact' ? '' : ` rows=${order}`}`, ...body.map((line) => `  |${line}`)];
  return [smallest.complaint, ...fence, 'output', ...output.split('\n').map((line) => `  |${visible(line)}`)].join(
    '\n',
  );
}

function visible(line: string): string {
  return JSON.stringify(line).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}
