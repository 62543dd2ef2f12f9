import { createInterface } from 'node:readline';
import { hasKeyboard } from './foreground.ts';
import { hasDesktop, openInBrowser } from './open-browser.ts';

type Entrance = { readonly entry: string; newEntry(): string };

/** Where and whether the first address is opened: `state` is a folder for files of our own. */
export type Opening = { readonly open: boolean; readonly state: string };

/**
 * Prints the address that lets one browser in, once, and a new one for each Enter; opens the first where there is a
 * desktop. The returned function stops listening to the keyboard.
 */
export function offerEntries(entrance: Entrance, { open, state }: Opening): () => void {
  const keys = hasKeyboard();
  process.stdout.write(`The book is at\n\n  ${entrance.entry}\n\nThis address works once. `);
  process.stdout.write(`${keys ? 'Enter prints another one; ' : ''}Ctrl-C ends.\n`);
  const forget = open && hasDesktop(process.env) ? openInBrowser(entrance.entry, state) : () => undefined;
  if (!keys) return forget;
  const keyboard = createInterface({ input: process.stdin });
  keyboard.on('line', () => process.stdout.write(`  ${entrance.newEntry()}\n`));
  return () => {
    keyboard.close();
    forget();
  };
}
