import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * File in the built site that names the inline scripts which the build itself made, as a JSON array of CSP sources. The
 * server reads it once and never serves it. Without it no inline script runs.
 */
export const scriptHashesFile = 'script-hashes.json';

// Nothing but a hash: whatever else a file said, 'unsafe-inline' or a header of its own, would go into the policy.
const hashes = z.array(z.string().regex(/^'sha(256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}'$/)).max(100);

/** The CSP sources of the build's own inline scripts; none when the build named none. */
export function readScriptHashes(site: string): readonly string[] {
  const path = join(site, scriptHashesFile);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return hashes.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${path} is not a list of script hashes like 'sha256-…'\nbuild the site anew with \`npm run build\``,
    );
  }
}
