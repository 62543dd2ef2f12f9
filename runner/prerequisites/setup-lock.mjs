import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CannotGoOn, say } from './cannot-go-on.mjs';

/**
 * Does a part of the set-up while no other start does. `work` gets a function to tell which program it has started, so
 * that an `npm ci` that outlives a killed start still keeps others away.
 * @param {string} lock
 * @param {string} what
 * @param {(onStart: (pid: number) => void) => Promise<void>} work
 */
export async function withSetupLock(lock, what, work) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; !take(lock); await setTimeout(100)) {
    if (!told) say(`another start is busy with the set-up; waiting for it before ${what} …`);
    told = true;
  }
  try {
    await work((pid) => writeFileSync(lock, `${identity(process.pid)}\n${identity(pid)}`));
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock */
function take(lock) {
  if (create(lock, identity(process.pid))) return true;
  if (isHeld(lock)) return false;
  // Only one may clear a dead start's lock, or the second one would clear the first one's new lock.
  const broom = `${lock}.broom`;
  if (age(broom) > 10_000) rmSync(broom, { force: true });
  if (!create(broom, '')) return false;
  if (!isHeld(lock)) rmSync(lock, { force: true });
  rmSync(broom, { force: true });
  return false;
}

/** @param {string} path @param {string} text */
function create(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EEXIST') return false;
    throw new CannotGoOn(`the set-up needs to write below this checkout and cannot: ${message}`);
  }
}

/** Does the start that took the lock live, or the program that it began? @param {string} lock */
function isHeld(lock) {
  const lines = (readText(lock) ?? '').split('\n').filter((line) => line !== '');
  // Empty: taken this very moment and not yet written, or its owner died just there.
  if (lines.length === 0) return age(lock) < 2000;
  return lines.some((line) => identity(Number(line.split(' ')[0])) === line);
}

/** Milliseconds since a file was written; below 0 when there is none. @param {string} path */
function age(path) {
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return written === undefined ? -1 : Date.now() - written;
}

/**
 * A living process's pid and, where /proc tells it, its start time, by which it is told from a later process of the
 * same number; nothing for a dead one.
 * @param {number} pid
 */
function identity(pid) {
  const fields = readText(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  if (fields) return fields[0] === 'Z' ? '' : `${pid} ${fields[19]}`;
  if (existsSync('/proc/self/stat')) return '';
  try {
    process.kill(pid, 0);
    return `${pid}`;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' ? `${pid}` : '';
  }
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
