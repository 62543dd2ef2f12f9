import { createInterface } from 'node:readline/promises';

/** Asks a question on the terminal until one of the allowed keys is the answer; an end of input is the last of them. */
export async function ask(question: string, keys: readonly string[], signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve(keys.at(-1) ?? '')));
    for (;;) {
      const answer = await Promise.race([terminal.question(`${question} [${keys.join('/')}] `, { signal }), closed]);
      const key = answer.trim().toLowerCase();
      if (keys.includes(key)) return key;
    }
  } finally {
    terminal.close();
  }
}
