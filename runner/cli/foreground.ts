import { readFileSync } from 'node:fs';

/**
 * Whether keys that are typed now are for us. A job in the background that listened to the keyboard would be stopped by the
 * kernel at the next key that its owner types in the shell.
 */
export function hasKeyboard(): boolean {
  if (!process.stdin.isTTY) return false;
  try {
    // proc(5): after the name in parentheses come state, parent, group, session, terminal, the terminal's foreground group.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[2] === fields[5];
  } catch {
    return true;
  }
}
