import { z } from 'zod';

const text = z.string();
const host = text.min(1);
const silence = [
  z.strictObject({ kind: z.literal('down'), why: text }),
  z.strictObject({ kind: z.literal('unknown'), why: text }),
] as const;
const answer = {
  timeline: z.int().min(1).optional(),
  lsn: text.optional(),
  senders: z.array(
    z.strictObject({
      host: host.optional(),
      name: text,
      address: text.optional(),
      state: text,
      sync: text,
      lag: z.number().optional(),
    }),
  ),
};
const upstream = z.strictObject({ host: host.optional(), address: text, status: text });

/** A `Topology` as it stands in a file. */
export const topologySchema = z.strictObject({
  at: z.iso.datetime(),
  servers: z.array(
    z.strictObject({
      host,
      address: text.optional(),
      view: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('primary'), ...answer }),
        z.strictObject({ kind: z.literal('standby'), ...answer, upstream: upstream.optional() }),
        ...silence,
      ]),
    }),
  ),
  pools: z.array(
    z.strictObject({
      host,
      address: text.optional(),
      view: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('up'),
          nodes: z.array(
            z.strictObject({
              host: host.optional(),
              node: z.int().min(0),
              hostname: text,
              port: text,
              status: text,
              role: text,
            }),
          ),
        }),
        ...silence,
      ]),
    }),
  ),
});
