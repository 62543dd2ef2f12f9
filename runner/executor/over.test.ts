import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { RunEvent } from '../../core/run/model.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { localHost } from '../../test/conformance/local-host.ts';
import { executeHere } from '../../test/execution.ts';

suite('a run whose runner was killed when all had been judged', () => {
  for (const [name, last, verdict] of [
    ['passed', 'true', 'passed'],
    ['failed', 'false', 'failed'],
  ] as const)
    test(`is over, and runs nothing again: ${name}`, async (context) => {
      const folder = mkdtempSync(join(tmpdir(), 'tejun-over-'));
      context.after(() => rmSync(folder, { recursive: true }));
      const trace = join(folder, 'trace');
      const page = [
        `\`\`\`sh step=serve background\necho serve >>${trace}; echo up; sleep 1000\n\`\`\`\n`,
        '```expect\nup\n```\n',
        `\`\`\`sh step=last\necho last >>${trace}; ${last}\n\`\`\`\n`,
        `\`\`\`sh step=tidy cleanup\necho tidy >>${trace}\n\`\`\`\n`,
      ].join('\n');
      const { runbook, problems } = extractRunbook(page, { file: 'over.mdx', id: 'over' });
      assert.deepEqual(problems, []);
      const access = localHost();
      const events: RunEvent[] = [];
      await executeHere(runbook, { resumed: { events: [], access }, onEvent: (event) => events.push(event) });
      const told = events.filter(({ kind }) => kind !== 'run-ended');
      const again: RunEvent[] = [];
      const state = await executeHere(runbook, {
        resumed: { events: told, access },
        onEvent: (event) => again.push(event),
      });
      assert.equal(state.verdict, verdict);
      assert.deepEqual(
        again.map(({ kind }) => kind),
        ['run-ended'],
      );
      assert.equal(readFileSync(trace, 'utf8'), 'serve\nlast\ntidy\n');
    });
});
