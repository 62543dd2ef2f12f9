import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LabError } from '../lab-error.ts';
import type { WindowsBuild } from './builds.ts';

const run = promisify(execFile);

/** Fetches a build through npm into a directory, and unpacks it there as `package`; what is not as written down is refused. */
export async function fetchBuild(build: WindowsBuild, directory: string, signal: AbortSignal): Promise<void> {
  const name = `${build.package}@${build.version}`;
  const npm = process.env.npm_execpath;
  const [program, ...first] = npm?.endsWith('npm-cli.js') ? [process.execPath, npm] : ['npm'];
  let archive: string;
  try {
    const args = [...first, 'pack', name, '--json', '--loglevel=error', '--pack-destination', directory];
    const { stdout } = await run(program ?? 'npm', args, { cwd: directory, signal, maxBuffer: 64 * 1024 * 1024 });
    const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[];
    archive = join(directory, packed?.filename ?? '');
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    throw new LabError(
      `${name} could not be fetched: ${why}\n    hint: it comes from the registry that npm uses; \`npm ping\` says whether it answers`,
    );
  }
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== build.integrity) {
    throw new LabError(
      `${name} is not what runner/labs/windows/builds.ts says\n    hint: its checksum is ${found}, expected ${build.integrity}; do not use it`,
    );
  }
  await run('/bin/tar', ['-xzf', archive, '-C', directory], { signal });
}
