import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import { SshError } from './ssh-error.ts';

/** How long a login may take to come to our shell when the lab file does not say otherwise, in milliseconds. */
export const usualLoginTimeout = 60_000;

/**
 * The words by which our own shell on a server says that it has begun. Nothing is typed before: a profile may have become
 * another program, such as a person's tmux.
 */
export type Arrival = {
  /** Commands of bash that say them. */
  readonly words: string;
  /** Finds them, with bash's version; a shell that shows its commands shows them otherwise. */
  readonly pattern: RegExp;
};

/** Chooses words that nobody else says. */
export function chooseArrival(): Arrival {
  const sign = randomBytes(12).toString('hex');
  return {
    words: `builtin echo; builtin echo ${sign} $BASH_VERSION`,
    pattern: new RegExp(`(?<=\\n)${sign} (\\d+)\\.(\\d+)[^\\n]*\\n`),
  };
}

/** Whether a bash of this version, major and minor first, is 5.1 or newer: from then on it says when it takes keys. */
export function isNewEnough(version: readonly (string | undefined)[]): boolean {
  const [major = 0, minor = 0] = version.map(Number);
  return major > 5 || (major === 5 && minor >= 1);
}

/** Nobody said the words, because the channel ended or in time; and what was printed instead. */
export type Silence = { readonly kind: 'closed' | 'late'; readonly printed: string };
export type Heard = { readonly kind: 'found'; readonly found: RegExpExecArray } | Silence;

/** Waits for words on a channel without a terminal. */
export function hear(channel: ClientChannel, pattern: RegExp, limitMs: number): Promise<Heard> {
  return new Promise((resolve) => {
    let received = '';
    let errors = '';
    const end = (heard: Heard): void => {
      clearTimeout(limit);
      channel.off('data', take).off('close', closed);
      channel.stderr.off('data', takeError);
      resolve(heard);
    };
    const printed = (): string => `${received.slice(-1000)}${errors}`.trim();
    const take = (text: string): void => {
      received = (received + text).slice(-64_000);
      const found = pattern.exec(received);
      if (found !== null) end({ kind: 'found', found });
    };
    const takeError = (text: string): void => {
      errors = (errors + text).slice(-1000);
    };
    const closed = (): void => end({ kind: 'closed', printed: printed() });
    const limit = setTimeout(() => end({ kind: 'late', printed: printed() }), limitMs);
    channel.setEncoding('utf8').on('data', take).once('close', closed);
    channel.stderr.setEncoding('utf8').on('data', takeError);
  });
}

/** What happened instead of the words, as the rest of a sentence. */
export function tellSilence({ kind, printed }: Silence, limitMs: number): string {
  const what = kind === 'closed' ? 'ended' : `did not answer within ${limitMs / 1000} s`;
  return `${what}; it printed: ${printed.replace(/\x1b\[[?0-9;]*[a-zA-Z]/g, '').trim() || 'nothing'}`;
}

/** The error for a login that did not come to our shell. */
export function notArrived(address: string, silence: Silence, limitMs: number): SshError {
  return new SshError(
    'shell',
    `a login on ${address} does not come to bash: it ${tellSilence(silence, limitMs)}`,
    silence.kind === 'closed'
      ? '`ssh` there and look: the login must be allowed to run commands, with bash 5.1 or newer in its path'
      : 'does its profile ask something or start a program such as tmux (`[[ $- == *i* ]]` there tells a person’s shell from ours), or need more time (`login_timeout` in the lab file)?',
  );
}
