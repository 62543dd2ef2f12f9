import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotGoOn, say } from './cannot-go-on.mjs';
import { runProgram } from './run-program.mjs';

/** Is `node_modules` what `package-lock.json` asks for, on this system? @param {string} root */
export function hasPackages(root) {
  const stamp = stampIn(root);
  const hash = lockHash(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  if (!agrees(root)) return false;
  // Somebody ran npm themselves, and rightly: doing it again would only take their time.
  writeFileSync(stamp, hash);
  return true;
}

/** Runs `npm ci`. @param {string} root @param {(pid: number) => void} onStart */
export async function installPackages(root, onStart) {
  say('installing npm packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const [program, ...first] = npm?.endsWith('npm-cli.js') ? [process.execPath, npm] : ['npm'];
  const code = await runProgram(program ?? 'npm', [...first, 'ci', '--no-audit', '--no-fund'], { cwd: root, onStart });
  if (code !== 0) throw new CannotGoOn(`npm ci ended with ${code}; mend what it says above and start again`);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stampIn(root), lockHash(root));
}

/** @param {string} root */
function stampIn(root) {
  return join(root, 'node_modules', '.tejun-stamp');
}

/** @param {string} root */
function lockHash(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(`${process.platform} ${process.arch}\n`).update(lock).digest('hex');
}

/**
 * Does what npm noted in `node_modules` agree with the lock? Optional packages may be absent: they are for other systems.
 * @param {string} root
 */
function agrees(root) {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const have = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !have || Object.keys(have).some((path) => wanted[path] === undefined)) return false;
  return Object.entries(wanted).every(([path, { integrity, version, optional, devOptional }]) => {
    if (path === '') return true;
    if (!existsSync(join(root, path))) return optional === true || devOptional === true;
    return have[path]?.version === version && have[path]?.integrity === integrity;
  });
}

/**
 * @typedef {{ integrity?: string, version?: string, optional?: boolean, devOptional?: boolean }} Package
 * @param {string} file
 * @returns {Record<string, Package> | undefined}
 */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
