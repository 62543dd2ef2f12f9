import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';

/** What leads to a server that is not reached directly. */
export type Way = {
  readonly stream: Duplex;
  /** What a command that leads there complained about; its end. */
  complaint(): string;
  close(): void;
};

/** Starts a command whose standard input and output lead to a server, as OpenSSH's ProxyCommand; `%h`, `%p`, `%r`, `%n` and `%%` in it stand for host, port, user, alias and a percent sign. */
export function startProxy(command: string, values: { h: string; p: string; r: string; n: string }): Way {
  const text = command.replace(/%([hprn%])/g, (_, letter: string) =>
    letter === '%' ? '%' : (values[letter as keyof typeof values] ?? ''),
  );
  // A group of its own: the command's children are to end with it, and Ctrl-C is not meant for it.
  const child = spawn('/bin/sh', ['-c', text], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    complaint = (complaint + part).slice(-1000);
  });
  child.on('error', (error) => {
    complaint += error.message;
  });
  // What is written after its end is lost, which the connection notices by itself.
  child.stdin.on('error', () => undefined);
  return {
    stream: Duplex.from({ readable: child.stdout, writable: child.stdin }),
    complaint: () => complaint.trim(),
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
