import type { Facts } from '../../../core/runbook/model.ts';

/** Names that are not just capitalised. */
const systems: Readonly<Record<string, string>> = { rhel: 'RHEL' };
const programs = { pg: 'PostgreSQL', pgpool: 'Pgpool-II' } as const;

/** What a fact is about, in words. */
export function factName(fact: string): string {
  return Object.hasOwn(programs, fact) ? programs[fact as keyof typeof programs] : fact;
}

/** The few facts that tell hosts apart, in short: `PostgreSQL 15.18 · Debian 12`. */
export function shortFacts(facts: Facts): string {
  const { pg, pg_version, pgpool, os, distribution, distribution_version } = facts;
  return [
    named(programs.pg, pg_version ?? pg) ?? named(programs.pgpool, pgpool),
    distribution === undefined
      ? os && capital(os)
      : named(systems[distribution] ?? capital(distribution), distribution_version ?? ''),
  ]
    .filter((text) => text !== undefined && text !== '')
    .join(' · ');
}

function named(name: string, version: string | undefined): string | undefined {
  return version === undefined ? undefined : `${name} ${version}`.trim();
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
