import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { FenceBody } from '../../core/runbook/model.ts';

/** New lines for the body of one fence. */
export type BodyEdit = { readonly body: FenceBody; readonly lines: readonly string[] };

/** Replaces fence bodies in a document, everything else to the letter as it was; the file is replaced as a whole. */
export function editDocument(file: string, edits: readonly BodyEdit[]): void {
  const edited = replaceBodies(readFileSync(file, 'utf8'), edits);
  const draft = `${file}.tejun-new`;
  writeFileSync(draft, edited, { mode: statSync(file).mode });
  renameSync(draft, file);
}

/** `source` with the bodies replaced. Edits may come in any order and must not overlap. */
export function replaceBodies(source: string, edits: readonly BodyEdit[]): string {
  const end = source.includes('\r\n') ? '\r\n' : '\n';
  return [...edits]
    .sort((a, b) => b.body.start - a.body.start)
    .reduce((text, { body, lines }) => {
      const indented = lines.map((line) => (line === '' ? body.indent.trimEnd() : body.indent + line) + end).join('');
      return text.slice(0, body.start) + indented + text.slice(body.end);
    }, source);
}

/** The lines of a fence's body without the fence's indentation. */
export function bodyOf(source: string, body: FenceBody): readonly string[] {
  const lines = source.slice(body.start, body.end).split(/\r\n|\n|\r/);
  lines.pop();
  return lines.map((line) => (line.startsWith(body.indent) ? line.slice(body.indent.length) : line.trimStart()));
}
