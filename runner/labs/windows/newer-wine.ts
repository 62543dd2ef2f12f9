import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Progress } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { scripts, type WindowsKit } from './kit.ts';
import { makeOnce } from './make-once.ts';

/** Fetches the Wine of a kit that needs a newer one than the machine's; nothing is installed on the machine. */
export async function fetchWine(
  { build, usr }: WindowsKit,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  if (usr === undefined || existsSync(usr)) return;
  progress(`  fetching the Wine of Debian ${build.wine} (1.1 GB of files, once)`);
  await makeOnce(dirname(usr), async (draft) => {
    try {
      await promisify(execFile)('/bin/bash', [scripts.wine, build.wine ?? ''], {
        cwd: draft,
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
        maxBuffer: 16 * 1024 * 1024,
        signal,
      });
    } catch (error) {
      const why = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
      throw new LabError(
        `the Wine of Debian ${build.wine} could not be fetched: ${why}\n    hint: PostgreSQL ${build.version} does not run in Debian 12's Wine; \`--fact pg=15\` does without a newer one`,
      );
    }
  });
}
