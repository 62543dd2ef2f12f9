import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { nearest } from '../../core/nearest.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name is small letters, digits and dashes');
const text = z.union([z.string(), z.number()]).transform(String);

const hostSchema = z.strictObject({
  /** Name that the login has on the host. */
  user: name.default('postgres'),
  /** Absolute directories below /srv that are there from the beginning. */
  directories: z
    .array(z.string().regex(/^\/srv(\/(?!\.\.?(\/|$))[\w.-]+)+$/, 'a directory lies below /srv'))
    .default([]),
  environment: z.record(z.string(), text).default({}),
});

const checkpointSchema = z.strictObject({
  /** Script beside the lab file, run once on each host; what it leaves is kept as a copy. */
  prepare: z.string().optional(),
  /** Script run on each host after every return to the checkpoint. */
  start: z.string().optional(),
});

const labSchema = z.strictObject({
  title: z.string(),
  /** `namespaces`: hosts made from the kernel's namespaces. `checkout`: this machine, in the repository itself. */
  driver: z.enum(['namespaces', 'checkout']),
  /** Made to be thrown away: dangerous steps run without asking. */
  disposable: z.boolean().default(false),
  /** Whether readers of a page may type into its terminals; steps run either way. */
  typing: z.boolean().default(true),
  hosts: z.record(name, hostSchema).refine((hosts) => Object.keys(hosts).length > 0, 'a lab has at least one host'),
  checkpoints: z.record(name, checkpointSchema).default({}),
});

/** A lab as its file declares it. */
export type LabFile = z.infer<typeof labSchema>;
export type HostFile = z.infer<typeof hostSchema>;

/** Thrown for a lab file with mistakes; the message lists all of them. */
export class LabFileError extends Error {}

/** Reads and checks `labs/<name>/lab.yaml`; every mistake is told with file, line and a hint. */
export function readLabFile(root: string, lab: string): LabFile {
  const path = join(root, 'labs', lab, 'lab.yaml');
  if (!/^[\w-]+$/.test(lab) || !existsSync(path))
    throw new LabFileError(`there is no lab ${lab}\n    hint: \`tejun lab status\` lists the labs`);
  const { file, problems } = parseLabFile(readFileSync(path, 'utf8'), relative(process.cwd(), path) || path);
  for (const { prepare, start } of Object.values(file?.checkpoints ?? {})) {
    for (const script of [prepare, start]) {
      if (script === undefined || existsSync(join(root, 'labs', lab, script))) continue;
      problems.push({
        file: path,
        line: 1,
        column: 1,
        what: `there is no script ${script}`,
        hint: `it lies beside ${path}`,
      });
    }
  }
  if (!file || problems.length > 0) throw new LabFileError(problems.map(formatProblem).join('\n'));
  return file;
}

/** Parses a lab file's text. */
export function parseLabFile(
  source: string,
  path: string,
): { readonly file: LabFile | undefined; readonly problems: Problem[] } {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      file: path,
      ...place(error.pos[0]),
      what: error.message.split('\n')[0] ?? '',
      hint: 'the file is YAML',
    }));
    return { file: undefined, problems };
  }
  const result = labSchema.safeParse(document.toJS());
  if (result.success) return { file: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue): Problem[] => {
    const trail = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') {
      return [
        {
          file: path,
          ...place(offsetOf(document.contents, trail)),
          what: `${trail.join('.') || 'the lab'}: ${issue.message}`,
          hint: hintFor(trail),
        },
      ];
    }
    return issue.keys.map((key) => {
      const near = nearest(key, knownKeys(trail));
      return {
        file: path,
        ...place(offsetOf(document.contents, [...trail, key])),
        what: `unknown key \`${key}\``,
        hint: near ? `did you mean \`${near}\`?` : `known here are ${knownKeys(trail).join(', ')}`,
      };
    });
  });
  return { file: undefined, problems };
}

function knownKeys(trail: readonly string[]): readonly string[] {
  if (trail[0] === 'hosts') return Object.keys(hostSchema.shape);
  return Object.keys(trail[0] === 'checkpoints' ? checkpointSchema.shape : labSchema.shape);
}

function hintFor([key]: readonly string[]): string {
  if (key === 'driver') return 'the drivers are namespaces and checkout';
  if (key === 'disposable' || key === 'typing') return `write \`${key}: true\` or \`${key}: false\``;
  return 'labs/linux/lab.yaml is an example';
}

/** Offset of the key (or value) that a path means; as deep as the document goes. */
function offsetOf(node: unknown, trail: readonly string[]): number {
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  let current = node;
  for (const key of trail) {
    if (!isMap(current)) break;
    const pair = current.items.find((item) => String((item.key as { value?: unknown }).value) === key);
    if (!pair) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    current = pair.value;
  }
  return offset;
}
