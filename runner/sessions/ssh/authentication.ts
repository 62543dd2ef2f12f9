import type { AnyAuthMethod, AuthenticationType, NextAuthHandler } from 'ssh2';
import { readLoginKeys } from './login-keys.ts';
import { readSecret } from './secret.ts';
import type { SshSettings } from './ssh-access.ts';
import { SshError } from './ssh-error.ts';

/** The ways to log in on a server, tried one after the other. */
export type Authentication = {
  /** Given to ssh2: asked for the next way, with what the server still accepts. */
  readonly next: (accepted: AuthenticationType[] | null, partial: boolean | null, answer: NextAuthHandler) => void;
  /** An agent that cannot be asked ends nothing. */
  failed(what: string): void;
  /** Why nobody was let in; undefined while there are ways left. */
  refusal(): SshError | undefined;
};

type Way = { readonly name: string; readonly kind: AuthenticationType; readonly method: AnyAuthMethod };

/** Prepares the login. Throws when a declared secret cannot be had. */
export function prepareLogin(settings: SshSettings, username: string): Authentication {
  const ways = waysOf(settings, username);
  const tried: string[] = [];
  let accepts: readonly string[] = [];
  let over = false;
  return {
    next(accepted, partial, answer) {
      // The first question is answered by "none", to hear what the server accepts.
      if (accepted === null) return answer({ type: 'none', username });
      accepts = accepted;
      if (partial) tried.push('(accepted, but the server wants more)');
      for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
        if (!accepted.includes(way.kind)) continue;
        tried.push(way.name);
        return answer(way.method);
      }
      over = true;
      return answer(false as unknown as AnyAuthMethod);
    },
    failed: (what) => void tried.push(what),
    refusal: () => (over ? refused(username, settings, accepts, tried) : undefined),
  };
}

function refused(
  username: string,
  settings: SshSettings,
  accepts: readonly string[],
  tried: readonly string[],
): SshError {
  const what = tried.length === 0 ? 'nothing could be tried' : `tried: ${tried.join(', ')}`;
  const byPassword = tried.some((way) => way.startsWith('password'));
  const byKey = accepts.includes('publickey');
  const ways = [
    ...(byPassword
      ? [`is the password right, see \`password_from\` and \`user\` in the lab file${byKey ? '?' : ''}`]
      : []),
    ...(byKey
      ? [
          `put the public key into ~/.ssh/authorized_keys of ${username} there, or name another \`key\` or \`user\` in the lab file`,
        ]
      : []),
  ];
  const way = ways.join(' Or ') || `it accepts only ${accepts.join(', ')}: name \`password_from\` in the lab file`;
  return new SshError(
    'login',
    `${settings.address} does not let ${username} in (${what}; it accepts ${accepts.join(', ') || 'nothing'})`,
    way,
  );
}

function waysOf(settings: SshSettings, username: string): Way[] {
  const ways: Way[] = readLoginKeys(settings).map(({ path, key }) => ({
    name: `key ${path}`,
    kind: 'publickey',
    method: { type: 'publickey', username, key },
  }));
  const agent = agentOf(settings);
  if (agent !== undefined)
    ways.push({ name: `agent ${agent}`, kind: 'publickey', method: { type: 'agent', username, agent } });
  if (settings.password !== undefined) {
    const password = readSecret(settings.password, `the password of ${username} at ${settings.address}`);
    ways.push({ name: 'password', kind: 'password', method: { type: 'password', username, password } });
    ways.push({
      name: 'password as answer to a question',
      kind: 'keyboard-interactive',
      method: {
        type: 'keyboard-interactive',
        username,
        // Only the question for a password has an answer here: one, and hidden.
        prompt: (_name, _instructions, _language, prompts, finish) =>
          finish(prompts.length === 1 && prompts[0]?.echo !== true ? [password] : prompts.map(() => '')),
      },
    });
  }
  return ways;
}

function agentOf({ agent, keys, address }: SshSettings): string | undefined {
  if (typeof agent === 'string') return agent;
  if (agent === false || (agent === undefined && keys !== undefined)) return undefined;
  const socket = process.env.SSH_AUTH_SOCK;
  if (agent === true && (socket === undefined || socket === '')) {
    throw new SshError(
      'configuration',
      `the login on ${address} is by an agent, but SSH_AUTH_SOCK is not set`,
      'start one where you start tejun: eval $(ssh-agent); ssh-add',
    );
  }
  return socket === '' ? undefined : socket;
}
