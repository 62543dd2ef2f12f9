import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { FenceBody } from '../../core/runbook/model.ts';

/** New lines for the body of one fence. */
export type BodyEdit = { readonly body: FenceBody; readonly lines: readonly string[] };

/** Replaces fence bodies in a document, everything else to the letter as it was; the file is replaced as a whole. */
export function editDocument(file: string, edits: readonly BodyEdit[]): void {
  const source = readFileSync(file, 'utf8');
  const edited = replaceBodies(source, edits);
  const draft = `${file}.tejun-new`;
  writeFileSync(draft, edited);
  renameSync(draft, file);
}

/** `source` with the bodies replaced. Edits may come in any order and must not overlap. */
export function replaceBodies(source: string, edits: readonly BodyEdit[]): string {
  const end = source.includes('\r\n') ? '\r\n' : '\n';
  return [...edits]
    .sort((a, b) => b.body.start - a.body.start)
    .reduce((text, { body, lines }) => {
      const indented = lines.map((line) => (line === '' ? line : body.indent + line) + end).join('');
      return text.slice(0, body.start) + indented + text.slice(body.end);
    }, source);
}
