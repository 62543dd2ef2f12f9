import { isUp, type Sender, type Topology } from './model.ts';

/** Replication from one host of the lab to another, as the sending server tells it. */
export type Link = {
  readonly from: string;
  readonly to: string;
  readonly state: string;
  readonly sync: string;
  readonly lag: number | undefined;
};

/** Who sends WAL to whom; one link for each pair. */
export function linksOf({ servers }: Topology): readonly Link[] {
  return servers.flatMap(({ host: from, view }) => {
    if (!isUp(view)) return [];
    const receivers = servers.map(({ host }) => host).filter((host) => host !== from);
    return receivers.flatMap((to): readonly Link[] => {
      const [best] = view.senders.filter(({ host }) => host === to).sort((a, b) => rank(a) - rank(b));
      return best ? [{ from, to, state: best.state, sync: best.sync, lag: best.lag }] : [];
    });
  });
}

/** Lag as it is shown, so coarse that it is still while nothing is wrong. */
export function shownLag(bytes: number): string {
  const small = 64 * 1024;
  if (bytes < small) return '< 64 kB';
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1024;
  const digit = 10 ** Math.floor(Math.log10(value));
  return `${Math.max(1, Math.round(value / digit) * digit)} ${units[unit]}`;
}

// A base backup has senders, too; while one is taken, a receiver may be there as well.
function rank({ state, name }: Sender): number {
  const order = ['streaming', 'catchup', 'startup', 'backup'].indexOf(state);
  return (order < 0 ? 4 : order) + (name === 'pg_basebackup' ? 10 : 0);
}
