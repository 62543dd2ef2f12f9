import { z } from 'zod';
import type { ServerView } from '../../core/topology/model.ts';
import type { DatabaseConnection } from '../databases/database-connection.ts';
import type { FindHost } from './who-is-who.ts';

/**
 * All that a PostgreSQL server (since 10) knows of its place, as one row of JSON. The timeline of a primary is in the name of the
 * WAL file that it writes: the control file tells of a promotion only after a checkpoint.
 */
const question = `with own as (
  select pg_is_in_recovery() as standby,
         case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn)
select json_build_object(
  'standby', standby,
  'lsn', lsn,
  'timeline', case when standby then null else substr(pg_walfile_name(lsn), 1, 8) end,
  'received', (select received_tli from pg_stat_wal_receiver limit 1),
  'from', (select sender_host from pg_stat_wal_receiver limit 1),
  'receiver', (select status from pg_stat_wal_receiver limit 1),
  'senders', (select coalesce(json_agg(json_build_object(
      'name', application_name, 'address', host(client_addr), 'state', state, 'sync', sync_state,
      'lag', greatest(0, pg_wal_lsn_diff(lsn, replay_lsn))::bigint) order by application_name, pid), '[]')
    from pg_stat_replication))::text as answer
from own`;

const text = z.string().nullable();
const answerSchema = z.object({
  standby: z.boolean(),
  lsn: text,
  timeline: text,
  received: z.int().nullable(),
  from: text,
  receiver: text,
  senders: z.array(z.object({ name: text, address: text, state: text, sync: text, lag: z.number().nullable() })),
});

/** Asks a PostgreSQL server who it is, and with whom it replicates. */
export async function askServer(connection: DatabaseConnection, find: FindHost): Promise<ServerView> {
  const [row] = await connection.query(question);
  const { standby, lsn, timeline, received, from, receiver, senders } = answerSchema.parse(
    JSON.parse(row?.answer ?? ''),
  );
  const tli = standby ? received : Number.parseInt(timeline ?? '', 16) || null;
  const shared = {
    ...(tli === null ? {} : { timeline: tli }),
    ...(lsn === null ? {} : { lsn }),
    senders: senders.map(({ name, address, state, sync, lag }) => ({
      ...present('host', find(address ?? undefined, name ?? undefined)),
      name: name ?? '',
      ...present('address', address ?? undefined),
      state: state ?? '',
      sync: sync ?? '',
      ...present('lag', lag ?? undefined),
    })),
  };
  if (!standby) return { kind: 'primary', ...shared };
  if (receiver === null) return { kind: 'standby', ...shared };
  const address = from ?? '';
  return { kind: 'standby', ...shared, upstream: { ...present('host', find(address)), address, status: receiver } };
}

/** A key that is there only when it has a value: what is seen is written down as JSON. */
function present<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: V };
}
