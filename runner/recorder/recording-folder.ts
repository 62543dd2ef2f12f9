import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { encodeCast } from '../../core/cast/encode.ts';
import { formatRecording } from '../../core/recording/format.ts';
import type { MadeRecording } from '../../core/recording/make-recording.ts';
import type { Recording } from '../../core/recording/model.ts';
import { parseRecording } from '../../core/recording/parse.ts';
import {
  formatVerification,
  parseVerification,
  type Verification,
  verificationFile,
} from '../../core/recording/verification.ts';
import { beingWritten, putFile } from './put-file.ts';

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
  for (const [name, cast] of files) if (!existsSync(join(folder, name))) putFile(folder, name, cast);
  putFile(folder, 'recording.json', text);
  for (const name of readdirSync(folder)) {
    const isLeftOver = name.endsWith(beingWritten) || (name.endsWith('.cast') && !files.has(name));
    if (isLeftOver) rmSync(join(folder, name));
  }
  files.set('recording.json', text);
  const bytes = [...files.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0);
  return { folder, recording, bytes };
}

/** Replaces what is said of a runbook on a lab with these facts; returns the folder. */
export function writeVerification(root: string, verification: Verification): string {
  const { runbook, lab, chosen } = verification;
  const folder = recordingFolder(root, runbook, lab);
  const name = verificationFile(chosen);
  const text = formatVerification(verification);
  const file = join(folder, name);
  const read = parseVerification(text, { file, name, runbook, lab });
  if ('problem' in read) throw new Error(`${file}: ${read.problem.what}; nothing was written`);
  mkdirSync(folder, { recursive: true });
  putFile(folder, name, text);
  return folder;
}
