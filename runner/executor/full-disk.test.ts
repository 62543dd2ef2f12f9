import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunEvent } from '../../core/run/model.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { localHost } from '../../test/conformance/local-host.ts';
import { smallDisk } from '../../test/conformance/small-disk.ts';
import { executeHere } from '../../test/execution.ts';

test('a run whose log cannot be written stops, and says why', async (context) => {
  const disk = await smallDisk();
  if (disk === undefined) return context.skip('user namespaces are not to be had here, so no small disk either');
  context.after(disk.close);
  const page =
    // What the log says of its end is longer than a block, in which there may still be room.
    `\`\`\`sh step=fills\n# ${'fill '.repeat(1000)}\ncat /dev/zero >${disk.path}/big 2>/dev/null || :\nseq 1 3000\n\`\`\`\n\n` +
    `\`\`\`sh step=never\ntouch ${disk.path}/never\n\`\`\`\n\n` +
    `\`\`\`sh step=tidy cleanup\nrm ${disk.path}/big\n\`\`\`\n`;
  const { runbook, problems } = extractRunbook(page, { file: 'full.mdx', id: 'full' });
  assert.deepEqual(problems, []);
  const events: RunEvent[] = [];
  const run = executeHere(runbook, { below: disk.path, onEvent: (event) => events.push(event) });
  await assert.rejects(run, /^Error: the run log .*\/run\.jsonl could not be written \(.*\); make room/);
  assert.ok(!events.some((event) => event.kind === 'step-ended' && event.outcome.verdict === 'passed'));
  assert.ok(!events.some((event) => event.kind === 'step-started' && event.step === 'never'));
});

test('a background step whose output has a gap does not pass by what comes after it', async (context) => {
  const disk = await smallDisk();
  if (disk === undefined) return context.skip('user namespaces are not to be had here, so no small disk either');
  context.after(disk.close);
  const big = join(disk.path, 'big');
  const page =
    `\`\`\`sh step=server background\ncat /dev/zero >${big} 2>/dev/null || :\nseq 1 3000; echo ERROR; rm ${big}\n` +
    'echo up; sleep 1000\n```\n\n```expect\n...\nup\n```\n';
  const { runbook, problems } = extractRunbook(page, { file: 'gap.mdx', id: 'gap' });
  assert.deepEqual(problems, []);
  const access = { ...localHost(), directory: join(disk.path, 'sessions') };
  const verdicts: string[] = [];
  const { steps } = await executeHere(runbook, {
    resumed: { events: [], access },
    onEvent: (event) => {
      if (event.kind === 'step-ended') verdicts.push(event.outcome.verdict);
    },
  });
  assert.deepEqual(verdicts, ['errored']);
  const outcome = steps[0]?.outcome;
  assert.equal(outcome?.verdict, 'errored');
  assert.match(outcome?.reason ?? '', /^output was lost: \d+ bytes of it could not be written/);
});
