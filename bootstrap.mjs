#!/usr/bin/env node
// Runs on the system's old Node (20 or newer) and without any package: sets up what is missing, then goes on under
// Node 24. `npm start`, `npm test`, … and `npx tejun …` all come through here. It never writes to standard output.
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotGoOn, say } from './runner/prerequisites/cannot-go-on.mjs';
import { hasPackages, installPackages } from './runner/prerequisites/npm-packages.mjs';
import { runProgram } from './runner/prerequisites/run-program.mjs';
import { withSetupLock } from './runner/prerequisites/setup-lock.mjs';
import {
  installPrograms,
  isProgram,
  missingPackages,
  packagesFor,
  refuseUnlessInstallable,
} from './runner/prerequisites/system-programs.mjs';

const root = dirname(fileURLToPath(import.meta.url));

/** @type {Readonly<Record<string, readonly string[]>>} */
const tasks = {
  start: ['runner/main.ts', 'start'],
  dev: ['runner/main.ts', 'dev'],
  build: ['runner/main.ts', 'build'],
  test: ['test/all.ts'],
  'test:all': ['test/all.ts', '--all'],
  check: ['test/all.ts', '--check'],
  bench: ['bench/main.ts'],
};

try {
  // As `tejun-node` it is just the Node that the project runs on.
  const plain = basename(process.argv[1] ?? '') === 'tejun-node';
  const args = process.argv.slice(2);
  await setUp(plain ? [] : packagesFor(root, args));
  process.exitCode = await goOn(plain ? args : commandFor(args));
} catch (error) {
  if (!(error instanceof CannotGoOn)) throw error;
  say(error.message);
  process.exitCode = 3;
}

/** @param {readonly string[]} needed */
async function setUp(needed) {
  const lock = join(root, '.tejun', 'bootstrap.lock');
  if (!hasPackages(root)) {
    await withSetupLock(lock, 'npm ci', async (onStart) => {
      if (!hasPackages(root)) await installPackages(root, onStart);
    });
  }
  const missing = missingPackages(needed);
  if (missing.length > 0) {
    refuseUnlessInstallable(missing);
    await withSetupLock(lock, 'apt-get', (onStart) => installPrograms(needed, onStart));
  }
}

/** @param {readonly string[]} args */
function commandFor([task = '', ...rest]) {
  const [script = '', ...first] = (Object.hasOwn(tasks, task) ? tasks[task] : undefined) ?? ['runner/main.ts', task];
  // A small nursery keeps the memory of a run flat while a flood of output passes through, at no cost in speed.
  return ['--max-semi-space-size=4', join(root, script), ...first.filter((arg) => arg !== ''), ...rest];
}

/** Runs Node 24 in our place: same terminal, same directory. @param {readonly string[]} args */
function goOn(args) {
  const node = findNode();
  const setpriv = '/usr/bin/setpriv';
  // A runner that went on unseen after somebody had killed what they started would be the wrong kind of robust.
  if (isProgram(setpriv)) return runProgram(setpriv, ['--pdeathsig', 'KILL', node, ...args], { inherit: true });
  return runProgram(node, args, { inherit: true });
}

function findNode() {
  const system = `${process.platform}-${process.arch}`;
  const bundled = join(root, 'node_modules', `node-${system}`, 'bin', 'node');
  if (isProgram(bundled)) return bundled;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new CannotGoOn(
    `Node 24 is needed: this is Node ${process.versions.node}, and there is no node-${system} package for it\n` +
      'install Node 24 from https://nodejs.org and start again with it',
  );
}
