import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type Fence, type Piece, readPieces } from '../../core/runbook/markdown.ts';
import type { FenceBody } from '../../core/runbook/model.ts';
import { ExecutionError, UsageError } from './exit-code.ts';

/** New lines for the body of one fence. */
export type BodyEdit = { readonly body: FenceBody; readonly lines: readonly string[] };

/** Throws a `UsageError` when a document, or the folder in which it is replaced as a whole, may not be written. */
export function refuseReadOnly(file: string): void {
  for (const path of [file, dirname(file)])
    try {
      accessSync(path, constants.W_OK);
    } catch (error) {
      throw new UsageError(
        `${path} may not be written (${(error as NodeJS.ErrnoException).code})\n    hint: accept writes into it; give yourself the right to write it`,
      );
    }
}

/**
 * Replaces fence bodies in a document, everything else to the letter as it was. The file is replaced as a whole, with the
 * owner and the rights that it had; of a symbolic link, the file that it leads to. Throws an `ExecutionError`, and then
 * the file is as it was.
 */
export function editDocument(file: string, edits: readonly BodyEdit[]): void {
  const source = readFileSync(file, 'utf8');
  const edited = replaceBodies(source, edits);
  if (!isJustEdited(file, source, edited, edits))
    throw new ExecutionError(
      `${file} was left as it is: Markdown would read it otherwise after the change\n    hint: write what came into it by hand`,
    );
  try {
    writeFileAtomic.sync(file, edited);
  } catch (error) {
    throw new ExecutionError(
      `${file} could not be written (${(error as Error).message}) and is as it was\n    hint: mend that, and run accept again`,
    );
  }
}

/** `source` with the bodies replaced. Edits may come in any order and must not overlap. */
export function replaceBodies(source: string, edits: readonly BodyEdit[]): string {
  return [...edits].sort((a, b) => b.body.start - a.body.start).reduce(replaceBody, source);
}

/** A fence that would be ended by one of the lines gets longer. */
function replaceBody(text: string, { body, lines }: BodyEdit): string {
  const end = /(?:\r\n|\n|\r)$/.exec(text.slice(0, body.start))?.[0] ?? '\n';
  const before = text.slice(0, body.start);
  const start = lastLine(before);
  const fence = before.slice(start);
  const after = text.slice(body.end);
  const [marker = ''] = /(`{3,}|~{3,})(?=[^\r\n]*[\r\n]+$)/.exec(fence) ?? [];
  const longest = Math.max(0, ...lines.map((line) => markerAt(line, marker)));
  const more = longest < marker.length ? '' : (marker[0] ?? '').repeat(longest + 1 - marker.length);
  const opening = before.slice(0, start) + fence.replace(marker, marker + more);
  const closing = after.replace(marker, marker + more);
  // A quote takes the first blank after `>` for itself.
  const indent = body.indent.endsWith('>') ? `${body.indent} ` : body.indent;
  const indented = lines.map((line) => (line === '' ? indent.trimEnd() : indent + line) + end).join('');
  return opening + indented + closing;
}

/** Where the last line of a text begins. */
function lastLine(text: string): number {
  return /[^\r\n]*(?:\r\n|\n|\r)?$/.exec(text)?.index ?? 0;
}

/** How long the marker of a fence is that a line begins with; 0 when it is of the other kind. */
function markerAt(line: string, marker: string): number {
  const [found = ''] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
  const own = found.trimStart();
  return own[0] === marker[0] ? own.length : 0;
}

/** The lines of a fence's body as Markdown reads them: without what its containers put before each. */
export function bodyOf(file: string, source: string, { start, end }: FenceBody): readonly string[] {
  const text = fencesIn(source, file).find(({ body }) => body.start === start)?.text;
  return text === undefined || start === end ? [] : text.split('\n');
}

/** Whether Markdown reads the edited document as the old one, with the new lines in the fences that were edited. */
function isJustEdited(file: string, source: string, edited: string, edits: readonly BodyEdit[]): boolean {
  const wanted = fencesIn(source, file).map((fence) => {
    const edit = edits.find(({ body }) => body.start === fence.body.start);
    return { info: fence.info, closed: fence.closed, text: edit?.lines.join('\n') ?? fence.text };
  });
  const got = fencesIn(edited, file).map(({ info, closed, text }) => ({ info, closed, text }));
  return JSON.stringify(got) === JSON.stringify(wanted);
}

function fencesIn(source: string, file: string): readonly Fence[] {
  const within = (pieces: readonly Piece[]): readonly Fence[] =>
    pieces.flatMap((piece) =>
      piece.kind === 'fence' ? [piece] : piece.kind === 'element' ? within(piece.children) : [],
    );
  return within(readPieces(source, file, undefined, () => undefined).pieces);
}
