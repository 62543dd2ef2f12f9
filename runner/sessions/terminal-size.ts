import { spawn } from 'node:child_process';
import { terminalPath } from './process-table.ts';

/** Changes the size of a pseudo-terminal, in characters; what runs in it gets SIGWINCH. */
export async function resizeTerminal(terminal: number, columns: number, rows: number): Promise<void> {
  const path = terminalPath(terminal);
  if (path === undefined) return;
  const stty = spawn('stty', ['-F', path, 'cols', String(columns), 'rows', String(rows)], { stdio: 'ignore' });
  await new Promise((resolve) => stty.once('close', resolve).once('error', resolve));
}
