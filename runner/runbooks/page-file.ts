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
  try {
    return extractRunbook(readFileSync(file), { file: shown, id, read: readIfThere });
  } catch (error) {
    const problem = whyUnread(error as NodeJS.ErrnoException, file, shown);
    if (problem === undefined) throw error;
    return { ...extractRunbook('', { file: shown, id }), problems: [problem] };
  }
}

/** Why a page that is listed cannot be read; undefined: for a reason that lies elsewhere. */
function whyUnread({ code, path }: NodeJS.ErrnoException, file: string, shown: string): Problem | undefined {
  const hints: Readonly<Record<string, string>> = {
    ENOENT: file.includes('\uFFFD')
      ? 'its name is no UTF-8: give it another one'
      : 'mend or remove the symbolic link, which leads to nothing',
    ELOOP: 'mend or remove the symbolic link, which leads to itself',
    EACCES: 'give yourself the right to read it',
    EISDIR: 'give the folder a name that does not look like that of a page',
  };
  const hint = hints[code ?? ''];
  if ((path !== undefined && path !== file) || hint === undefined) return undefined;
  return { file: shown, line: 1, column: 1, what: `the page cannot be read (${code})`, hint };
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
