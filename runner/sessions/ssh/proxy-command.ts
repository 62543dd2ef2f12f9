import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { socketOf, type Way } from './way.ts';

/** Starts a command whose standard input and output lead to a server, as OpenSSH's ProxyCommand; `%h`, `%p`, `%r`, `%n` and `%%` in it stand for host, port, user, alias and a percent sign. */
export function startProxy(command: string, values: { h: string; p: string; r: string; n: string }): Way {
  const text = command.replace(/%([hprn%])/g, (_, letter: string) =>
    letter === '%' ? '%' : (values[letter as keyof typeof values] ?? ''),
  );
  // A group of its own: the command's children are to end with it, and Ctrl-C is not meant for it.
  const child = spawn('/bin/sh', ['-c', text], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const closed = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    complaint = (complaint + part).slice(-1000);
  });
  child.on('error', (error) => {
    complaint += error.message;
  });
  return {
    stream: socketOf(child.stdout, child.stdin),
    async complaint() {
      // Its output may end before its complaint has come.
      await Promise.race([closed, sleep(500)]);
      return complaint.trim();
    },
    close() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        // It has just ended.
      }
    },
  };
}
