import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../core/runbook/model.ts';
import type { HostAccess } from '../sessions/session.ts';
import { runOnHost } from './host-shell.ts';
import { readJson, writeJson } from './json-file.ts';

const script = join(import.meta.dirname, 'probe-facts.sh');

/** What a host is, found out by programs on the host; asked once in each of its lives. */
export async function probeFacts(directory: string, access: HostAccess): Promise<Facts> {
  const known = join(directory, 'facts.json');
  const life = access.enter.join(' ');
  const kept = readJson<{ life: string; facts: Facts }>(known);
  if (kept?.life === life) return kept.facts;
  const text = await runOnHost(
    access,
    { name: 'probe-facts.sh', text: readFileSync(script, 'utf8') },
    join(directory, 'facts.log'),
  );
  const facts = parseFacts(text);
  writeJson(known, { life, facts });
  return facts;
}

/** Reads what `probe-facts.sh` prints. */
export function parseFacts(text: string): Facts {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, name, value] = /^(\w+)=(.+)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
