import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Outcome, RunEvent } from '../../core/run/model.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { eventually } from '../../test/conformance/eventually.ts';
import { Relay } from '../../test/conformance/relay.ts';
import { SshServer } from '../../test/conformance/ssh-server.ts';
import { executeHere } from '../../test/execution.ts';
import type { DatabaseAccess } from '../databases/access.ts';
import { openDatabaseSession } from '../databases/database-session.ts';
import type { Lab } from '../labs/lab.ts';
import { never, onHost, silent } from '../labs/lab-trial.ts';
import { loadLab } from '../labs/load.ts';
import { openSshSession } from '../sessions/ssh/open-ssh-session.ts';
import type { SshSettings } from '../sessions/ssh/ssh-access.ts';

// For tests: whole runs on a server that is lost in the middle: in each way to be lost, reached in each way, for each kind of step. The
// sshd is root's and its login an ordinary one, where we are root.

const root = mkdtempSync(join(tmpdir(), 'tejun-lost-'));
let lab: Lab;
let gate: SshServer;

/** Brings up what the tests of a file share, and takes it down after them. */
export function lossesHere(): void {
  before(bringUp);
  after(takeDown);
}

async function bringUp(): Promise<void> {
  mkdirSync(join(root, 'labs'));
  cpSync(join(import.meta.dirname, '../../labs/linux'), join(root, 'labs/linux'), { recursive: true });
  lab = loadLab('linux', { root });
  await lab.up(silent, never);
  onHost(lab, `psql -qc "set password_encryption = 'scram-sha-256'; alter role postgres password 'correct-horse'"`);
  writeFileSync(join(root, 'password'), 'correct-horse\n');
  gate = await SshServer.startWithLogin();
}

async function takeDown(): Promise<void> {
  await gate.close();
  await lab.down(silent);
  rmSync(root, { recursive: true });
}

/** Seconds in which it has to be noticed, also on a busy machine; without anybody's care it would be a quarter of an hour. */
const noticed = 60;

type Ground = { readonly server: SshServer; readonly relay: Relay };
type Loss = { readonly name: string; readonly lose: (ground: Ground) => void };

/** How a server is lost. */
export const losses: readonly Loss[] = [
  { name: 'killed', lose: ({ server }) => server.kill() },
  { name: 'frozen', lose: ({ server }) => server.freeze() },
  { name: 'behind a network that swallows everything', lose: ({ relay }) => relay.swallow() },
];

/** How a server is reached that listens at a port of ours. */
export const ways: readonly { readonly name: string; readonly to: (settings: SshSettings) => SshSettings }[] = [
  { name: 'directly', to: (settings) => settings },
  { name: 'through a jump host', to: (settings) => ({ ...settings, jumps: [gate.settings] }) },
  {
    name: 'by a proxy command',
    to: (settings) => ({
      ...settings,
      proxyCommand: `exec ssh -F none -q -o UserKnownHostsFile=${gate.file('known_hosts')} -o IdentitiesOnly=yes -i ${gate.file('key')} -p ${gate.port} -W %h:%p ${gate.settings.user}@127.0.0.1`,
    }),
  },
];

/** Whether the page's statement runs on the database server. */
function statementRuns(sign: string): boolean {
  const query = `select count(*) from pg_stat_activity where state = 'active' and query like '%${sign}%' and pid <> pg_backend_pid()`;
  return onHost(lab, `psql -XAtc "${query}"`) === '1';
}

type Begin = { readonly said: (text: string) => Promise<void>; readonly runs: () => Promise<void> };
type Kind = {
  readonly name: string;
  readonly page: (sign: string) => string;
  readonly begun: (begin: Begin) => Promise<void>;
  /** A time limit comes before the loss may be noticed. */
  readonly limited?: true;
};

export const kinds: readonly Kind[] = [
  { name: 'a step', page: () => '~~~sh step=lost\necho begun; sleep 600\n~~~\n', begun: ({ said }) => said('begun') },
  {
    name: 'a step with a time limit',
    page: () => '~~~sh step=lost timeout=4s\necho begun; sleep 600\n~~~\n',
    begun: ({ said }) => said('begun'),
  },
  {
    name: 'a statement',
    page: (sign) => `~~~sql step=lost\nselect '${sign}', pg_sleep(600)\n~~~\n`,
    begun: ({ runs }) => runs(),
  },
  {
    name: 'a statement with a time limit',
    page: (sign) => `~~~sql step=lost timeout=4s\nselect '${sign}', pg_sleep(600)\n~~~\n`,
    begun: ({ runs }) => runs(),
    limited: true,
  },
  {
    name: 'a background step',
    page: () =>
      '~~~sh step=lost background\necho ready; sleep 600\n~~~\n\n~~~expect\nready\n~~~\n\n~~~sh step=next host=here\necho begun; sleep 2\n~~~\n',
    begun: ({ said }) => said('begun'),
  },
];

let count = 0;

/** Runs a page, loses its server when the step has begun, and tells how the step ended and how long that took. */
async function lose(
  kind: Kind,
  way: (typeof ways)[number],
  act: (ground: Ground, stop: AbortController) => void,
): Promise<{ readonly outcome: Outcome; readonly seconds: number; readonly verdict: string | undefined }> {
  const sign = `lost${++count}`;
  const server = await SshServer.startWithLogin();
  const relay = await Relay.start(server.port);
  const settings = way.to({
    ...server.settings,
    port: relay.port,
    hostKeyAlias: `[127.0.0.1]:${server.port}`,
  });
  const database: DatabaseAccess = {
    kind: 'postgresql',
    host: 'there',
    way: { kind: 'ssh', server: settings, to: { port: Number(onHost(lab, 'echo $PGPORT')) } },
    user: 'postgres',
    name: 'postgres',
    password: { kind: 'file', path: join(root, 'password') },
  };
  const { runbook, problems } = extractRunbook(
    `---\ntejun: {host: there}\n---\n\n${kind.page(sign)}`.replaceAll('~', '`'),
    { file: 'page.mdx', id: 'page' },
  );
  assert.deepEqual(problems, []);
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const said = (text: string): Promise<void> =>
    eventually(`it says ${text}`, () => events.some((event) => event.kind === 'output' && event.data.includes(text)));
  const run = executeHere(runbook, {
    signal: stop.signal,
    onEvent: (event) => void events.push(event),
    openSession: (_host, name) =>
      openSshSession({ ...server.access(), server: settings, directory: server.file('lab') }, name),
    openDatabase: (_host, name) => openDatabaseSession(database, 'database postgres', { database: name }),
  });
  try {
    await kind.begun({ said, runs: () => eventually(`${sign} runs`, () => statementRuns(sign)) });
    const lost = performance.now();
    act({ server, relay }, stop);
    const state = await run;
    const outcome = state.steps.find(({ id }) => id === 'lost')?.outcome;
    assert.ok(outcome);
    return { outcome, seconds: (performance.now() - lost) / 1000, verdict: state.verdict };
  } finally {
    stop.abort();
    await run;
    await relay.close();
    await server.close();
    onHost(
      lab,
      `psql -XAtc "select pg_terminate_backend(pid) from pg_stat_activity where query like '%''${sign}''%' and pid <> pg_backend_pid()"`,
    );
  }
}

/** A server that is lost so in the middle of such a step is noticed, and told as it is. */
export function tryLoss(kind: Kind, way: (typeof ways)[number], loss: Loss): void {
  test(`${kind.name} on one that is ${loss.name}`, async () => {
    const { outcome, seconds, verdict } = await lose(kind, way, loss.lose);
    const { reason = '', hints } = outcome;
    assert.deepEqual([outcome.verdict, verdict], ['errored', 'errored'], reason);
    assert.match(reason, /^lost the connection to the (shell|database): .*nobody knows how far/);
    assert.match(reason, /may still run/);
    assert.doesNotMatch(reason, /its processes were ended/);
    if (kind.limited === undefined || loss.name === 'killed')
      assert.match(reason, /the connection to there was lost \(127\.0\.0\.1: /);
    assert.match(hints.join('\n'), /--from lost/);
    assert.ok(seconds < noticed, `${seconds} s`);
  });
}

/** The same when somebody stops the run. */
export function tryStopping(kind: Kind, way: (typeof ways)[number]): void {
  test(`${kind.name} on one that is frozen, stopped by a person`, async () => {
    const { outcome, seconds } = await lose(kind, way, ({ server }, stop) => {
      server.freeze();
      stop.abort();
    });
    assert.equal(outcome.verdict, 'errored');
    assert.match(outcome.reason ?? '', /may still run/);
    assert.ok(seconds < noticed, `${seconds} s`);
  });
}
