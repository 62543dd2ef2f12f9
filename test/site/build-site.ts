import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The repository that the tests are in. */
export const checkout = join(import.meta.dirname, '..', '..');
/** Astro's program. */
export const astro = join(checkout, 'node_modules', 'astro', 'bin', 'astro.mjs');

/** How a build ended, and all that it said. */
export type Built = { readonly code: number | null; readonly said: string };

/** Builds a book's site into a folder, as `npm run build` does. */
export async function buildSite(book: string, dist: string, base = '/'): Promise<Built> {
  const child = spawn(process.execPath, [astro, 'build'], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TEJUN_ROOT: book,
      TEJUN_DIST: dist,
      TEJUN_BASE: base,
      ASTRO_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
    },
  });
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, said: out + err };
}
