import { readFileSync } from 'node:fs';
import type { SecretSource } from './ssh-access.ts';
import { SshError } from './ssh-error.ts';

/** Reads a secret; `what` says for what it is. A file's last line end does not belong to it. */
export function readSecret(source: SecretSource, what: string): string {
  if (source.kind === 'environment') {
    const value = process.env[source.variable];
    if (value !== undefined && value !== '') return value;
    throw new SshError(
      'configuration',
      `the environment variable ${source.variable}, which has ${what}, is not set`,
      `set it where you start tejun: read -rs ${source.variable}; export ${source.variable}`,
    );
  }
  try {
    return readFileSync(source.path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new SshError(
      'configuration',
      `the file ${source.path}, which has ${what}, cannot be read: ${(error as Error).message}`,
      'name another one in the lab file, or make it readable for who runs tejun',
    );
  }
}
