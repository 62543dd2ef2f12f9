import { z } from 'zod';
import { parseDuration } from '../../core/runbook/duration.ts';
import { databaseKeys, databaseSchema, hintForDatabase } from './database-schema.ts';
import { secretSchema as secret, writtenSecretSchema as written } from './secret-schema.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name is small letters, digits and dashes');
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const duration = z.string().transform((value, { issues }) => {
  const found = parseDuration(value);
  if (found === undefined) issues.push({ code: 'custom', message: `\`${value}\` is no duration`, input: value });
  return found ?? 0;
});
const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((value) => [value].flat());

/** How to log in, as far as it may be the same for many servers. */
const commonShape = {
  port: z.int().min(1).max(65_535).optional(),
  user: z
    .string()
    .regex(/^[^\s-]\S*$/, 'a user is one word')
    .optional(),
  /** Private key files. */
  key: oneOrMore.optional(),
  passphrase_from: secret.optional(),
  password_from: secret.optional(),
  /** Whether keys of the agent are tried, or the path of its socket. */
  agent: z.union([z.boolean(), z.string().min(1)]).optional(),
  known_hosts: oneOrMore.optional(),
  /** Servers to go through: hosts or gateways of this file, or `[user@]address[:port]`. */
  jump: oneOrMore.optional(),
  proxy_command: z.string().min(1).optional(),
  /** How long a server may take to let us in, and a login to come to a shell. */
  connect_timeout: duration.optional(),
  login_timeout: duration.optional(),
  /** Take what is left out from OpenSSH's configuration: the usual one, or this file. */
  ssh_config: z.union([z.boolean(), z.string().min(1)]).optional(),
  password: written,
  passphrase: written,
};

const loginShape = {
  ...commonShape,
  /** Host name or IP address, or an alias of OpenSSH's configuration; none: the name in this file. */
  address: z
    .string()
    .regex(/^[\w:][\w.:%-]*$/, 'an address is a host name or an IP address')
    .optional(),
  /** Name under which the host key is known. */
  host_key_alias: z.string().min(1).optional(),
};

const commonSchema = z.strictObject(commonShape);
const gatewaySchema = z.strictObject(loginShape);

/** One host. */
const serverSchema = z.strictObject({
  ...loginShape,
  /** What the server runs. */
  system: z.enum(['linux', 'windows'], { error: 'a server is linux or windows' }).default('linux'),
  /** What sshd runs commands with on Windows; none: what it is found to be. */
  shell: z.enum(['bash', 'cmd', 'powershell']).optional(),
  /** Code page of a Windows server's console programs; none: the one that they have. */
  codepage: z.int().min(1).max(65_535).optional(),
  /** Directory in which steps begin; none: the login's home. */
  directory: z.string().min(1).optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'a variable is a word'), text).default({}),
  /** What the host is, where it cannot be found out there. */
  facts: z.record(z.string().regex(/^[a-z]\w*$/, 'a fact is a word'), text).default({}),
  /** The database server on it, as it is reached from the host itself. */
  database: databaseSchema.optional(),
});

export const serversSchema = z
  .strictObject({
    title: z.string(),
    driver: z.literal('servers'),
    disposable: z.literal(false, { error: 'servers are not made to be thrown away' }).default(false),
    typing: z.boolean({ error: 'it is true or false' }).default(true),
    checkpoints: z.undefined({ error: 'servers have no checkpoints: nothing can be taken back there' }).optional(),
    /** What holds for each host that does not say otherwise. */
    defaults: commonSchema.default({}),
    /** Servers that only lead to others. */
    gateways: z.record(name, gatewaySchema).default({}),
    hosts: z.record(name, serverSchema).refine((hosts) => Object.keys(hosts).length > 0, 'a lab has at least one host'),
  })
  .check(({ value: { hosts, gateways, typing }, issues }) => {
    for (const [host, server] of Object.entries(hosts)) {
      for (const [key, message] of windowsMistakes(server))
        issues.push({ code: 'custom', path: ['hosts', host, key], message, input: server });
    }
    if (typing && Object.values(hosts).some(({ system }) => system === 'windows')) {
      // Steps have no terminal there.
      const message = 'readers cannot type on a Windows server: write `typing: false`';
      issues.push({ code: 'custom', path: ['typing'], message, input: typing });
    }
    for (const [part, servers] of Object.entries({ hosts, gateways })) {
      for (const [server, { jump, proxy_command }] of Object.entries(servers)) {
        if (jump === undefined || proxy_command === undefined) continue;
        const message = 'there is a `jump` too: a server is reached by one or the other';
        issues.push({ code: 'custom', path: [part, server, 'proxy_command'], message, input: proxy_command });
      }
    }
  });

/** A lab of servers as its file declares it. */
export type ServersFile = z.infer<typeof serversSchema>;
export type ServerFile = z.infer<typeof serverSchema>;
export type LoginFile = z.infer<typeof gatewaySchema>;

function windowsMistakes({ system, shell, codepage }: ServerFile): readonly (readonly [key: string, what: string])[] {
  if (system === 'windows')
    return shell === 'bash' ? [['shell', 'on a Windows server sshd lands in cmd or in powershell']] : [];
  const only = 'is of Windows servers: write `system: windows` too';
  return [
    ...(shell === undefined || shell === 'bash' ? [] : [['shell', `${shell} ${only}`] as const]),
    ...(codepage === undefined ? [] : [['codepage', `a code page ${only}`] as const]),
  ];
}

/** The keys that may stand at a place of such a file. */
export function keysOfServers([part, , inner]: readonly string[]): readonly string[] {
  if (inner !== undefined) return inner === 'database' ? databaseKeys : [];
  switch (part) {
    case 'hosts':
      return known(serverSchema.shape);
    case 'gateways':
      return known(gatewaySchema.shape);
    case 'defaults':
      return known(commonSchema.shape);
    default:
      return known(serversSchema.shape);
  }
}

/** What to do about a mistake at a place of such a file. */
export function hintForServers(trail: readonly string[]): string {
  const key = trail.at(-1) ?? '';
  if (trail[2] === 'database') return hintForDatabase(key);
  if (key === 'passphrase_from' || key === 'passphrase') return 'for example `passphrase_from: env:LAB_KEY_PASSPHRASE`';
  if (key === 'password_from' || key === 'password') return 'for example `password_from: file:~/.config/lab-password`';
  if (key.endsWith('_timeout')) return `for example \`${key}: 30s\``;
  if (key === 'checkpoints' || key === 'disposable') return `leave \`${key}\` out`;
  if (key === 'typing') return 'write `typing: true` or `typing: false`';
  if (key === 'shell')
    return 'the shells are bash, cmd and powershell; a Windows server’s is found out when none is written';
  if (key === 'system' || key === 'codepage') return 'labs/examples/windows-servers.yaml is an example';
  return 'labs/examples/servers.yaml is an example';
}

function known(shape: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(shape).filter((key) => !['password', 'passphrase', 'checkpoints'].includes(key));
}
