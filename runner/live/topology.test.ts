import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { disagreements } from '../../core/topology/disagreements.ts';
import { nodeOf, type Topology } from '../../core/topology/model.ts';
import { loadLab } from '../labs/load.ts';
import { on } from '../labs/network-trial.ts';
import { localAccess } from '../sessions/access.ts';
import { TrialCheckout, TrialPage } from './live-trial.ts';

const checkout = join(import.meta.dirname, '..', '..');
const lab = 'linux-ha';

const promote = `~~~sh step=promote host=pgpool1 exit=any
pcp_promote_node --no-password --username=pgpool --node-id=1
~~~

~~~sh step=nodes host=pgpool1 topology until=20s
psql -h pgpool1 -p 9999 -c "show pool_nodes"
~~~

~~~expect table
 node_id | status | role
 0       | down   | standby
 1       | up     | primary
 2       | down   | standby
~~~`;

suite('who is what in a lab, for a page that shows it', { timeout: 120_000 }, () => {
  const trial = new TrialCheckout({ promote });
  cpSync(join(checkout, 'labs', lab), join(trial.root, 'labs', lab), { recursive: true });
  const hosts = loadLab(lab, { root: trial.root });
  const page = new TrialPage(trial.live({ health: 300 }), trial);
  const told = (): readonly (Topology | undefined)[] =>
    page.messages.flatMap((message) => (message.kind === 'topology' ? [message.topology] : []));
  const kinds = (topology: Topology | undefined): string =>
    topology?.servers.map(({ view }) => view.kind).join(' ') ?? 'nothing';
  const isHealthy = (topology: Topology | undefined): boolean =>
    topology !== undefined &&
    kinds(topology) === 'primary standby standby' &&
    topology.pools.every(({ view }) => view.kind === 'up') &&
    disagreements(topology).length === 0;

  before(async () => {
    await page.hello('promote', lab);
    assert.equal(page.labs.get(lab)?.topology, true);
    page.send({ kind: 'topology', lab, watch: true });
    await page.act('up');
    await page.until('all is well', () => isHealthy(told().at(-1)));
  });
  after(() => trial.close());

  test('after pcp_promote_node a step, and the page, say that Pgpool-II and PostgreSQL disagree', async () => {
    await page.runs('from', 'promote');
    const outcome = page.steps.get('nodes')?.outcome;
    assert.equal(outcome?.verdict, 'passed', outcome?.reason);
    // Pgpool-II has taken the others for down, and the lab's script does not clone them from a server that is no primary.
    const expected = [
      { kind: 'taken-for-down', pool: 'pgpool1', host: 'postgres1' },
      { kind: 'role', pool: 'pgpool1', host: 'postgres2', says: 'primary', is: 'standby' },
      { kind: 'taken-for-down', pool: 'pgpool1', host: 'postgres3' },
    ];
    assert.deepEqual(disagreements(outcome.topology as Topology), expected);
    await page.until('the page is told', () => {
      const newest = told().at(-1);
      return newest !== undefined && JSON.stringify(disagreements(newest)) === JSON.stringify(expected);
    });
  });

  test('what waits for its clients does not wait for who watches, and a reset is seen', async () => {
    on(hosts, 'postgres2', 'pg_ctl stop --silent --mode=smart --timeout=15');
    const before = told().length;
    await page.act('reset', 'pgpool');
    await page.until('all is well again', () => isHealthy(told().at(-1)));
    assert.ok(told().slice(before).includes(undefined), 'meanwhile nothing was known');
  });

  test('a page is told within a second after Pgpool-II has seen that a standby failed', async () => {
    const { enter, environment } = localAccess(hosts.access('pgpool1'));
    const [program = '', ...args] = enter;
    // Asked on the host itself, as often as it can answer.
    const seen = promisify(execFile)(
      program,
      [
        ...args,
        'bash',
        '-c',
        `until psql -h pgpool1 -p 9999 -Atc 'show pool_nodes' | cut -d '|' -f 4 | grep -q down; do :; done; date +%s%3N`,
      ],
      { env: { ...environment }, cwd: '/', timeout: 60_000 },
    );
    on(hosts, 'postgres3', 'pg_ctl stop --silent --mode=fast');
    await page.until('the server itself is down', () => kinds(told().at(-1)) === 'primary standby down');
    const status = (): string | undefined => {
      const [pool] = told().at(-1)?.pools ?? [];
      return pool && nodeOf(pool, 'postgres3')?.status;
    };
    await page.until('Pgpool-II has seen it', () => status() === 'down', 40_000);
    const late = Date.now() - Number((await seen).stdout);
    assert.ok(late < 1500, `${late} ms after Pgpool-II knew`);
    assert.deepEqual(disagreements(told().at(-1) as Topology), []);
  });

  test('nobody looks when nobody watches', async () => {
    page.send({ kind: 'topology', lab, watch: false });
    const asked = `psql -Atc "select count(*) from pg_stat_activity where application_name = 'tejun topology'"`;
    await page.until('no question is left', () => on(hosts, 'postgres1', asked) === '0');
    const before = told().length;
    on(hosts, 'postgres2', 'pg_ctl stop --silent --mode=fast');
    await page.act('down');
    assert.equal(told().length, before);
  });
});
