import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { CannotGoOn } from './cannot-go-on.mjs';

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Runs a program to its end and returns its exit code, 128 + n for signal n. Signals that we get go on to it.
 * `inherit` gives it our standard output; else what it prints there goes to standard error.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ inherit?: boolean, cwd?: string, env?: NodeJS.ProcessEnv, onStart?: (pid: number) => void }} [options]
 * @returns {Promise<number>}
 */
export async function runProgram(program, args, { inherit = false, cwd, env, onStart } = {}) {
  const child = spawn(program, args, { stdio: ['inherit', inherit ? 'inherit' : process.stderr, 'inherit'], cwd, env });
  const onTerminal = process.stdin.isTTY || process.stderr.isTTY;
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    // The terminal gives Ctrl-C to everybody in the foreground, the child has got it already.
    if (onTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT')) return;
    child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  const npm = inherit && process.env.npm_lifecycle_event ? callers() : undefined;
  // A killed npm or npx takes nobody with it, and its user believes that everything has ended.
  const endWhenOrphaned = () => callers() !== npm && child.kill('SIGKILL');
  const watch = npm === undefined ? undefined : setInterval(endWhenOrphaned, 200);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
      if (child.pid !== undefined) onStart?.(child.pid);
    });
  } catch (error) {
    throw new CannotGoOn(`${program} could not be started: ${error instanceof Error ? error.message : error}`);
  } finally {
    clearInterval(watch);
    for (const signal of forwarded) process.off(signal, forward);
  }
}

/** Our parent, and its own where the parent is the shell that npm runs scripts with. */
function callers() {
  try {
    const [, name, parent] = /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? [];
    return /^(ba|da)?sh$/.test(name ?? '') ? `${process.ppid} ${parent}` : `${process.ppid}`;
  } catch {
    return `${process.ppid}`;
  }
}
