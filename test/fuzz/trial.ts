import assert from 'node:assert/strict';
import { bindExpectation } from '../../core/expectation/bind.ts';
import type { Expectation, RowOrder } from '../../core/expectation/model.ts';
import { parseExpectation } from '../../core/expectation/parse.ts';
import { formatProblem } from '../../core/problem.ts';
import { OutputReader } from '../../runner/executor/output-reader.ts';
import { createSurrogateDecoder } from '../../runner/sessions/surrogate-text.ts';
import type { Random } from './random.ts';

/** An `expect` fence, and all that a command printed. */
export type Trial = {
  readonly form: Expectation['kind'];
  readonly order: RowOrder;
  readonly body: readonly string[];
  readonly output: string;
  readonly values: Readonly<Record<string, string>>;
};

/** The expectation, or why the page is refused. */
export function readTrial({ form, order, body, values }: Trial): { expectation: Expectation } | { refused: string } {
  const parsed = parseExpectation(body.join('\n'), { form, order, file: 'page.mdx', firstLine: 1 });
  if ('problems' in parsed) return { refused: parsed.problems.map(formatProblem).join('\n') };
  const bound = bindExpectation(parsed.expectation, values);
  return 'unresolved' in bound
    ? { refused: `no value for ${bound.unresolved.join(', ')}` }
    : { expectation: parsed.expectation };
}

/** What a run says of the output; `captures` only when it passes. */
export type Verdict = { readonly passed: boolean; readonly captures: Readonly<Record<string, string>> };

/** Gives the bytes to a run's reader, cut anywhere, with looks at what came so far. */
export async function judge(expectation: Expectation, trial: Trial, cuts: Random | undefined): Promise<Verdict> {
  const bound = bindExpectation(expectation, trial.values);
  assert.ok('expectation' in bound);
  const reader = new OutputReader(bound.expectation);
  const decoder = createSurrogateDecoder();
  const bytes = Buffer.from(trial.output);
  for (let at = 0; at < bytes.length; ) {
    const size = cuts === undefined ? bytes.length : 1 + (cuts.once(2) ? cuts.below(4) : cuts.below(bytes.length));
    await reader.take(decoder.write(bytes.subarray(at, at + size)));
    at += size;
    if (cuts?.once(8)) reader.preview();
    if (cuts?.once(8)) reader.accepts();
  }
  await reader.take(decoder.end());
  const accepts = reader.accepts();
  const { judgement, garbage } = await reader.end();
  assert.ok(judgement !== undefined);
  const passed = judgement.passed && garbage === undefined;
  assert.equal(accepts, passed, 'a waiting step would be told otherwise than one at its end');
  const bad = judgement.diff.rows.some(({ kind }) => kind === 'missing' || kind === 'unexpected' || kind === 'differs');
  assert.equal(bad || judgement.diff.problem !== undefined, !judgement.passed, 'the diff shows why');
  return { passed, captures: judgement.captures };
}

/** The lines that a run reads in the output. */
export async function linesOf(output: string): Promise<string[]> {
  const reader = new OutputReader(undefined);
  await reader.take(output);
  const { text, lines } = await reader.end();
  return lines === 0 ? [] : text.split('\n');
}
