import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that holds one megabyte. */
export type SmallDisk = {
  readonly path: string;
  /** Takes all the room that is left. */
  readonly fill: () => void;
  readonly free: () => void;
  readonly close: () => void;
};

/** Mounts a small file system, seen only by the process that holds it and through that; undefined where nobody may. */
export async function smallDisk(): Promise<SmallDisk | undefined> {
  const mountPoint = mkdtempSync(join(tmpdir(), 'tejun-disk-'));
  const mount = 'mount -t tmpfs -o size=1m,mode=0700 none "$0" && echo mounted && exec sleep 600';
  const words = ['--user', '--map-root-user', '--mount', 'sh', '-c', mount, mountPoint];
  const holder = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const close = (): void => {
    holder.kill('SIGKILL');
    rmSync(mountPoint, { recursive: true, force: true });
  };
  const first = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit'), once(holder, 'error')]);
  const path = `/proc/${holder.pid}/root${mountPoint}`;
  if (String(first[0]).trim() !== 'mounted' || !existsSync(path)) {
    close();
    return undefined;
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill: () => {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: () => rmSync(filler),
    close,
  };
}
