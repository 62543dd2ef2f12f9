import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../core/run/model.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { smallDisk } from '../../test/conformance/small-disk.ts';
import { executeHere } from '../../test/execution.ts';

test('a run whose log cannot be written stops, and says why', async (context) => {
  const disk = await smallDisk();
  if (disk === undefined) return context.skip('user namespaces are not to be had here, so no small disk either');
  const page =
    `\`\`\`sh step=fills\ncat /dev/zero >${disk.path}/big 2>/dev/null || :\nseq 1 3000\n\`\`\`\n\n` +
    `\`\`\`sh step=never\ntouch ${disk.path}/never\n\`\`\`\n\n` +
    `\`\`\`sh step=tidy cleanup\nrm ${disk.path}/big\n\`\`\`\n`;
  const { runbook, problems } = extractRunbook(page, { file: 'full.mdx', id: 'full' });
  assert.deepEqual(problems, []);
  const events: RunEvent[] = [];
  const run = executeHere(runbook, { below: disk.path, onEvent: (event) => events.push(event) });
  await assert.rejects(run, /^Error: the run log .*\/run\.jsonl could not be written \(.*\); make room/);
  assert.ok(!events.some((event) => event.kind === 'step-ended' && event.outcome.verdict === 'passed'));
  assert.ok(!events.some((event) => event.kind === 'step-started' && event.step === 'never'));
  disk.close();
});
