import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { nearest } from '../../core/nearest.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { readSourceText } from '../../core/source-text.ts';
import { databaseKeys, hintForDatabase } from './database-schema.ts';
import { LabFileError } from './lab-error.ts';
import {
  checkpointSchema,
  factsSchema,
  hostSchema,
  type LabFile,
  labSchema,
  networkSchema,
  phaseSchema,
} from './lab-schema.ts';
import { hintForServers, keysOfServers, type ServersFile, serversSchema } from './server-schema.ts';

export type { HostFile, LabFile } from './lab-schema.ts';

/** A lab of any driver as its file declares it. */
export type AnyLabFile = LabFile | ServersFile;

/** Reads and checks `labs/<name>/lab.yaml`; every mistake is told with file, line and a hint. */
export function readLabFile(root: string, lab: string): AnyLabFile {
  const path = join(root, 'labs', lab, 'lab.yaml');
  if (!/^[\w-]+$/.test(lab) || !existsSync(path))
    throw new LabFileError(`there is no lab ${lab}\n    hint: \`tejun lab status\` lists the labs`);
  const { file, problems } = parseLabFile(readFileSync(path), relative(process.cwd(), path) || path);
  // Servers have none.
  for (const { prepare, start } of Object.values(file?.checkpoints ?? {})) {
    for (const { run: script } of [...prepare, ...start]) {
      if (existsSync(join(root, 'labs', lab, script))) continue;
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

/** Parses what is in a lab file. */
export function parseLabFile(
  source: string | Uint8Array,
  path: string,
): { readonly file: AnyLabFile | undefined; readonly problems: Problem[] } {
  const counter = new LineCounter();
  const read = readSourceText(source, path);
  if (read.kind === 'no-text') return { file: undefined, problems: [read.problem] };
  const document = parseDocument(read.text, { lineCounter: counter });
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
  const content: unknown = document.toJS();
  const { schema, keys, hint } = grammarOf(content);
  const result = schema.safeParse(content);
  if (result.success) return { file: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue): Problem[] => {
    const trail = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') {
      return [
        {
          file: path,
          ...place(offsetOf(document.contents, trail)),
          what: `${trail.join('.') || 'the lab'}: ${issue.message}`,
          hint: hint(trail),
        },
      ];
    }
    return issue.keys.map((key) => {
      const near = nearest(key, keys(trail));
      return {
        file: path,
        ...place(offsetOf(document.contents, [...trail, key])),
        what: `unknown key \`${key}\``,
        hint: near ? `did you mean \`${near}\`?` : `known here are ${keys(trail).join(', ')}`,
      };
    });
  });
  return { file: undefined, problems };
}

/** What may be written in a lab file, and how its mistakes are mended; the driver decides. */
type Grammar = {
  readonly schema: typeof labSchema | typeof serversSchema;
  readonly keys: (trail: readonly string[]) => readonly string[];
  readonly hint: (trail: readonly string[]) => string;
};

function grammarOf(content: unknown): Grammar {
  const servers =
    typeof content === 'object' && content !== null && 'driver' in content && content.driver === 'servers';
  return servers
    ? { schema: serversSchema, keys: keysOfServers, hint: hintForServers }
    : { schema: labSchema, keys: knownKeys, hint: hintFor };
}

function knownKeys(trail: readonly string[]): readonly string[] {
  const [part, , inner] = trail;
  if (part === 'hosts' && inner === 'database') return databaseKeys;
  if (part === 'hosts') return Object.keys(hostSchema.shape);
  if (part === 'network') return Object.keys(networkSchema.shape);
  if (part === 'facts') return Object.keys(factsSchema.shape);
  if (part !== 'checkpoints') return Object.keys(labSchema.shape);
  return Object.keys(trail.length > 2 ? phaseSchema.shape : checkpointSchema.shape);
}

function hintFor(trail: readonly string[]): string {
  const [key, , part] = trail;
  if (part === 'database') return hintForDatabase(trail.at(-1) ?? '');
  if (key === 'network' || key === 'checkpoints' || part === 'address' || part === 'port')
    return 'labs/linux-ha/lab.yaml is an example';
  if (key === 'facts') return 'write like `facts: {pg: [15, 16]}`; the first one is taken when none is asked for';
  if (key === 'driver') return 'the drivers are namespaces, checkout and servers';
  if (key === 'disposable' || key === 'typing' || key === 'clients')
    return `write \`${key}: true\` or \`${key}: false\``;
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
