import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { bashArguments } from './bash-integration.ts';
import { readProcess } from './process-table.ts';
import type { HostAccess } from './session.ts';
import { readTrouble, type SessionFiles } from './session-files.ts';

const holder = join(import.meta.dirname, 'hold-terminal.pl');

/**
 * Starts a shell whose terminal is held by a process of its own, and returns that one's pid: the shell and what runs in
 * it outlive a killed runner, and the next one finds all output in the spool. Why Perl: Node has no terminals of its own,
 * every Debian has `perl-base`, and util-linux' `script` says nothing of output that it could not write. Its standard
 * input is a pipe that it has open for reading and writing, so it never sees an end.
 */
export async function startHolder(access: HostAccess, files: SessionFiles): Promise<number> {
  const login = [...access.enter, ...bashArguments].map(quote).join(' ');
  // The leading shell stays, to tell the status with which bash (or what led to it) ended.
  // The holder speaks the language of LC_ALL; the login gets its own value, or none.
  const own = (name: string) => {
    const value = access.environment[name];
    return value === undefined ? `unset ${name}` : `${name}=${quote(value)}`;
  };
  // The session's own files are nobody else's business; the login has the usual mask.
  const inner = `umask 022; unset PWD; ${own('SHELL')}; ${own('LC_ALL')}; ${login}; echo $? >${quote(files.exit)}`;
  const outer =
    'umask 077; cd "$1" && echo $$ >pid && /usr/bin/mkfifo keys && ' +
    'exec /usr/bin/perl "$3" "$1/spool" "$2" "$4" 0<>keys >/dev/null 2>trouble';
  const owner = `${access.terminalOwner ?? process.geteuid?.() ?? ''}`;
  const child = spawn('/bin/sh', ['-c', outer, 'sh', files.directory, inner, holder, owner], {
    detached: true,
    stdio: 'ignore',
    env: { ...access.environment, SHELL: '/bin/sh', LC_ALL: 'C' },
  });
  const failure = new Promise<never>((_, reject) => child.once('error', reject));
  failure.catch(() => undefined);
  child.unref();
  const deadline = Date.now() + 5000;
  while (!(existsSync(files.spool) && child.pid !== undefined && readProcess(child.pid)?.name === 'perl')) {
    await Promise.race([setTimeout(1), failure]);
    // One that is over already is told with what its terminal shows.
    if (child.exitCode !== null && child.pid !== undefined && existsSync(files.spool)) return child.pid;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(await explain(access, files));
  }
  return child.pid;
}

async function explain(access: HostAccess, files: SessionFiles): Promise<string> {
  const why = readTrouble(files) ?? 'the programs perl, setsid and mkfifo must be in /usr/bin';
  return `no terminal for host ${access.host} could be started in ${files.directory}: ${why}`;
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
