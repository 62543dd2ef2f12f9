import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import type { Runbook } from '../../core/runbook/model.ts';

/** Reads a page's runbook with all that the page imports; paths in it are relative to where the runner was called. */
export function readPageFile(
  file: string,
  id: string,
): { readonly runbook: Runbook; readonly problems: readonly Problem[]; readonly partials: readonly string[] } {
  const shown = relative(process.cwd(), file) || file;
  return extractRunbook(readFileSync(file), { file: shown, id, read: readIfThere });
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
