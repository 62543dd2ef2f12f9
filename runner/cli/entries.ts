import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

type Entrance = { readonly entry: string; newEntry(): string };

/**
 * Prints the address that lets one browser in, once, and a new one for each Enter; opens the first where there is a
 * desktop. The returned function stops listening to the keyboard.
 */
export function offerEntries(entrance: Entrance, open: boolean): () => void {
  process.stdout.write(`The book is at\n\n  ${entrance.entry}\n\nThis address works once. `);
  process.stdout.write(`${process.stdin.isTTY ? 'Enter prints another one; ' : ''}Ctrl-C ends.\n`);
  if (open && hasDesktop()) openInBrowser(entrance.entry);
  if (!process.stdin.isTTY) return () => undefined;
  const keyboard = createInterface({ input: process.stdin });
  keyboard.on('line', () => process.stdout.write(`  ${entrance.newEntry()}\n`));
  return () => keyboard.close();
}

function hasDesktop(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY, CI, BROWSER } = process.env;
  return (DISPLAY ?? WAYLAND_DISPLAY) !== undefined && CI === undefined && BROWSER !== 'none';
}

function openInBrowser(address: string): void {
  const child = spawn('xdg-open', [address], { stdio: 'ignore', detached: true });
  // The address is printed, too: who has no browser there copies it.
  child.on('error', () => undefined);
  child.unref();
}
