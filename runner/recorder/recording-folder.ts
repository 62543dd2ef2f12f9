import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { encodeCast } from '../../core/cast/encode.ts';
import { formatRecording } from '../../core/recording/format.ts';
import type { MadeRecording } from '../../core/recording/make-recording.ts';
import type { Recording } from '../../core/recording/model.ts';
import { parseRecording } from '../../core/recording/parse.ts';

/** What was written. */
export type WrittenRecording = { readonly folder: string; readonly recording: Recording; readonly bytes: number };

/** Folder of a runbook's recording on a lab. */
export function recordingFolder(root: string, runbook: string, lab: string): string {
  return join(root, 'content', 'recordings', runbook, lab);
}

/**
 * Replaces a recording. The casts have new names, so until `recording.json` is renamed into place the old recording is
 * whole, and from then on the new one, whenever the program is killed. What a killed one left is removed by the next.
 */
export function writeRecording(root: string, { recording: made, casts }: MadeRecording): WrittenRecording {
  const folder = recordingFolder(root, made.runbook, made.lab);
  const files = new Map<string, string>();
  const names: Record<string, string> = {};
  for (const [host, { header, events }] of Object.entries(casts)) {
    const text = encodeCast(header, events);
    const name = `${host}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.cast`;
    names[host] = name;
    files.set(name, text);
  }
  const recording: Recording = { ...made, casts: names };
  const text = formatRecording(recording);
  const file = join(folder, 'recording.json');
  const read = parseRecording(text, { file, runbook: made.runbook, lab: made.lab });
  if (read.kind === 'problem') throw new Error(`${file}: ${read.problem.what}; nothing was written`);

  mkdirSync(folder, { recursive: true });
  for (const [name, cast] of files) if (!existsSync(join(folder, name))) put(folder, name, cast);
  put(folder, 'recording.json', text);
  for (const name of readdirSync(folder)) {
    const isLeftOver = name.endsWith(beingWritten) || (name.endsWith('.cast') && !files.has(name));
    if (isLeftOver) rmSync(join(folder, name));
  }
  files.set('recording.json', text);
  const bytes = [...files.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0);
  return { folder, recording, bytes };
}

const beingWritten = '.being-written';

/** A file that is there as a whole or not at all, also after a power cut. */
function put(folder: string, name: string, content: string): void {
  const temporary = join(folder, `${name}${beingWritten}`);
  const file = openSync(temporary, 'w');
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, join(folder, name));
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
