import { z } from 'zod';
import { databaseSchema } from './database-schema.ts';
import { windowsVersions } from './windows/builds.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name is small letters, digits and dashes');
const text = z.union([z.string(), z.number()]).transform(String);

/** A range of addresses of which a lab's hosts take some: 254 of them, so that their last numbers say who they are. */
export const rangeSchema = z.cidrv4().endsWith('.0/24', 'a range is written like 192.168.1.0/24');

export const hostSchema = z.strictObject({
  /** `windows`: it runs in Wine, and steps run in cmd. */
  system: z.enum(['linux', 'windows'], { error: 'a host is linux or windows' }).default('linux'),
  /** Name that the login has on the host. */
  user: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'a login is letters, digits and dashes')
    .default('postgres'),
  /** Absolute directories that the login owns and that are there from the beginning. Those in /etc the machine must have. */
  directories: z
    .array(
      z
        .string()
        .regex(/^\/(srv|etc|var\/log)(\/(?!\.\.?(\/|$))[\w.-]+)+$/, 'a directory lies below /srv, /etc or /var/log'),
    )
    .default([]),
  environment: z.record(z.string(), text).default({}),
  /** What the host is, where it cannot be found out there. */
  facts: z.record(z.string().regex(/^[a-z]\w*$/, 'a fact is a word'), text).default({}),
  /** Its address; only with a network, and then always. */
  address: z.ipv4().optional(),
  /** Port of the server that a login means when it names none; only with a network, else the lab finds a free one. */
  port: z.int().min(1).max(65_535).optional(),
  /** The database server on it, for `sql` steps and the topology. */
  database: databaseSchema.optional(),
});

/** One script on some hosts at once. */
export const phaseSchema = z.strictObject({
  /** Script beside the lab file. */
  run: z.string(),
  /** Hosts; none: all of them. */
  on: z.array(name).min(1).optional(),
});

const phases = z
  .preprocess((value) => (typeof value === 'string' ? [{ run: value }] : value), z.array(phaseSchema))
  .default([]);

export const checkpointSchema = z.strictObject({
  /** Checkpoint from which `prepare` goes on; none: from empty hosts. */
  from: name.optional(),
  /** Scripts that run once, one after the other; what they leave is kept as a copy. */
  prepare: phases,
  /** Scripts that run after every return to the checkpoint. */
  start: phases,
});

/** The hosts' own network. */
export const networkSchema = z.strictObject({ range: rangeSchema });

/** Facts that are chosen when the lab comes up, each with its values; the first is taken when none is asked for. */
export const factsSchema = z.strictObject({
  /** PostgreSQL's major version: on the Windows hosts, or, in a lab without any, on all. */
  pg: z
    .array(text.pipe(z.string().regex(/^[1-9]\d*$/, 'a version of PostgreSQL is a number, such as 18')))
    .min(1, 'there is at least one value')
    .refine((values) => new Set(values).size === values.length, 'a value is there twice')
    .optional(),
});

export const labSchema = z
  .strictObject({
    title: z.string(),
    /** `namespaces`: hosts made from the kernel's namespaces. `checkout`: this machine, in the repository itself. */
    driver: z.enum(['namespaces', 'checkout'], { error: 'there is no such driver' }),
    /** Made to be thrown away: dangerous steps run without asking. */
    disposable: z.boolean().default(false),
    /** Whether readers of a page may type into its terminals; steps run either way. */
    typing: z.boolean().default(true),
    /** Whether Windows hosts get PostgreSQL's client programs too, which are built once. */
    clients: z.boolean().default(false),
    /** What can be chosen when it comes up. */
    facts: factsSchema.default({}),
    /** Debian packages that the lab needs besides what every lab needs; `[…]`, for the bootstrap reads it without a parser. */
    packages: z.array(z.string()).default([]),
    /** Without one the hosts share the machine's network. */
    network: networkSchema.optional(),
    hosts: z.record(name, hostSchema).refine((hosts) => Object.keys(hosts).length > 0, 'a lab has at least one host'),
    checkpoints: z.record(name, checkpointSchema).default({}),
  })
  .check(({ value, issues }) => {
    const complain = (path: PropertyKey[], message: string): void =>
      void issues.push({ code: 'custom', path, message, input: value });
    checkAddresses(value, complain);
    checkFacts(value, complain);
    checkWindows(value, complain);
    for (const [checkpoint, { from, prepare, start }] of Object.entries(value.checkpoints)) {
      if (from !== undefined && !Object.hasOwn(value.checkpoints, from))
        complain(['checkpoints', checkpoint, 'from'], `there is no checkpoint ${from}`);
      if (comesFrom(checkpoint, checkpoint, value.checkpoints))
        complain(['checkpoints', checkpoint, 'from'], `${checkpoint} would come from itself`);
      for (const host of [...prepare, ...start].flatMap(({ on }) => on ?? []))
        if (!Object.hasOwn(value.hosts, host)) complain(['checkpoints', checkpoint], `there is no host ${host}`);
    }
  });

/** A lab as its file declares it. */
export type LabFile = z.infer<typeof labSchema>;
export type HostFile = z.infer<typeof hostSchema>;

function checkWindows(
  { driver, hosts, typing, clients }: LabFile,
  complain: (path: string[], message: string) => void,
): void {
  if (!Object.values(hosts).some(({ system }) => system === 'windows')) {
    if (clients) complain(['clients'], 'only Windows hosts need client programs that are built for them');
    return;
  }
  if (driver !== 'namespaces') complain(['hosts'], `the driver ${driver} has no Windows hosts`);
  // Behind the terminal is a bash, which is not what a reader of a Windows page would type into.
  if (typing) complain(['typing'], 'readers cannot type into the terminal of a Windows host: write `typing: false`');
}

function checkFacts(
  { driver, hosts, facts: { pg = [] } }: LabFile,
  complain: (path: string[], message: string) => void,
): void {
  if (driver !== 'namespaces' && pg.length > 0) complain(['facts'], `with the driver ${driver} nothing can be chosen`);
  for (const [host, { facts }] of Object.entries(hosts))
    if (pg.length > 0 && facts.pg !== undefined)
      complain(['hosts', host, 'facts', 'pg'], 'what is chosen for the lab cannot be declared for a host, too');
  const windows = Object.values(hosts).some(({ system }) => system === 'windows');
  const missing = windows ? pg.filter((version) => !windowsVersions.includes(version)) : [];
  if (missing.length > 0)
    complain(
      ['facts', 'pg'],
      `for Windows there is PostgreSQL ${windowsVersions.join(', ')}, not ${missing.join(', ')}`,
    );
}

function checkAddresses(
  { network, driver, hosts }: LabFile,
  complain: (path: string[], message: string) => void,
): void {
  if (network && driver !== 'namespaces') complain(['network'], `the driver ${driver} has no network of its own`);
  const taken = new Set<string>();
  for (const [host, { address, port }] of Object.entries(hosts)) {
    const at = ['hosts', host, 'address'];
    if (!network) {
      if (address !== undefined) complain(at, 'only a lab with a `network` has addresses');
      if (port !== undefined) complain(['hosts', host, 'port'], 'only a lab with a `network` has ports of its own');
      continue;
    }
    const [first] = network.range.split('.0/24');
    const number = address?.startsWith(`${first}.`) ? Number(address.split('.')[3]) : 0;
    if (number < 1 || number > 254) complain(at, `the address has to be one of ${network.range}`);
    else if (taken.has(address ?? '')) complain(at, `${address} is another host's`);
    taken.add(address ?? '');
  }
}

function comesFrom(name: string, origin: string, checkpoints: LabFile['checkpoints']): boolean {
  const seen = new Set<string>();
  for (let at = checkpoints[name]?.from; at !== undefined && !seen.has(at); at = checkpoints[at]?.from) {
    if (at === origin) return true;
    seen.add(at);
  }
  return false;
}
