import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether somebody sits in front of this machine who would see a browser. */
export function hasDesktop(environment: NodeJS.ProcessEnv): boolean {
  const { DISPLAY, WAYLAND_DISPLAY, CI, BROWSER } = environment;
  return Boolean(DISPLAY || WAYLAND_DISPLAY) && !CI && BROWSER !== 'none';
}

/**
 * Opens an entry address in the reader's browser, by way of a file that only they can read: what stands on a command
 * line can be read by everybody on the machine. The returned function removes the file.
 */
export function openInBrowser(address: string, state: string): () => void {
  mkdirSync(state, { recursive: true });
  const file = join(state, `entry-${process.pid}.html`);
  rmSync(file, { force: true });
  writeFileSync(file, onwardPage(address), { mode: 0o600, flag: 'wx' });
  const child = spawn('xdg-open', [file], { stdio: 'ignore', detached: true });
  // The address is printed, too: who has no browser there copies it.
  child.on('error', () => undefined);
  child.unref();
  return () => rmSync(file, { force: true });
}

/** A page that goes on to an address by itself. */
export function onwardPage(address: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Tejun</title><meta http-equiv="refresh" content="0;url=${address.replaceAll('&', '&amp;')}">\n`;
}
