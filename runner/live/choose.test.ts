import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { liveKeeper } from '../labs/keeper.ts';
import { never, silent } from '../labs/lab-trial.ts';
import { loadLab } from '../labs/load.ts';
import { TrialCheckout, TrialPage } from './live-trial.ts';

const have = readdirSync('/usr/lib/postgresql').at(-1) ?? '';

suite('what a lab is to be', () => {
  const checkout = new TrialCheckout({});
  after(() => checkout.close());
  checkout.page('one', '~~~sh step=version\npostgres --version\n~~~\n', 'lab: versions');
  const folder = join(checkout.root, 'labs');
  cpSync(join(folder, 'linux'), join(folder, 'versions'), { recursive: true });
  const file = readFileSync(join(folder, 'linux/lab.yaml'), 'utf8');
  checkout.write('labs/versions/lab.yaml', `${file}facts: {pg: [99, ${have}]}\n`);

  test('is chosen on a page, told to all pages, and kept for whatever brings the lab up', async () => {
    const live = checkout.live();
    const page = await new TrialPage(live, checkout).hello('one', 'versions');
    const other = await new TrialPage(live, checkout).hello('one', 'versions');
    const view = (of: TrialPage) => of.labs.get('versions');
    assert.deepEqual([view(page)?.offered, view(page)?.chosen], [{ pg: ['99', have] }, { pg: '99' }]);
    await assert.rejects(page.runs('all'), /there is no PostgreSQL 99/);
    const choose = (pg: string) => page.ask({ kind: 'choose', lab: 'versions', facts: [{ fact: 'pg', value: pg }] });
    await assert.rejects(choose('98'), new RegExp(`does not offer pg=98\nit offers pg=99, pg=${have}`));
    await choose(have);
    await other.until('the other page knows', () => view(other)?.chosen.pg === have);
    const known = view(page);
    assert.ok(known);
    page.labs.set('versions', { ...known, chosen: { pg: '99' } });
    for (const asked of [() => page.runs('all'), () => page.act('up'), () => page.act('reset')])
      await assert.rejects(asked, new RegExp(`is with pg=${have} by now, not as this page showed; nothing was done`));
    page.labs.set('versions', known);
    const running = page.runs('all');
    await assert.rejects(choose('99'), /is in use: one runs\nchoose when that has ended/);
    await running;
    assert.equal(page.run?.verdict, 'passed');
    await assert.rejects(choose('99'), new RegExp(`is up with pg=${have}\ntake it down first`));
    assert.equal(view(page)?.chosen.pg, have);
    await page.act('down');
    await choose('99');
    assert.equal(view(page)?.chosen.pg, '99');
    await checkout.end(live);
  });

  test('is not what another runner brought up meanwhile: that is told before anything runs there', async () => {
    const live = checkout.live({ health: 1_000_000 });
    const page = await new TrialPage(live, checkout).hello('one', 'versions');
    const view = () => page.labs.get('versions');
    assert.equal(view()?.chosen.pg, '99');
    await loadLab('versions', { root: checkout.root, facts: { pg: have } }).up(silent, never);
    await assert.rejects(
      page.runs('all'),
      new RegExp(`brought up by another runner, with pg=${have}; nothing was done`),
    );
    assert.equal(view()?.chosen.pg, have);
    await page.runs('all');
    assert.equal(page.run?.verdict, 'passed');
    await checkout.end(live);
  });

  test('stays so for a lab that broke, and is not what a forgotten one was', async () => {
    const live = checkout.live();
    const page = await new TrialPage(live, checkout).hello('one', 'versions');
    const view = (of: TrialPage) => of.labs.get('versions');
    await page.until('it is seen to be up', () => view(page)?.chosen.pg === have);
    process.kill(liveKeeper(join(checkout.state, 'labs/versions/postgres1'))?.pid ?? 0, 'SIGKILL');
    await page.until('it is seen to be broken', () => view(page)?.instance === undefined);
    assert.equal(view(page)?.chosen.pg, have);
    const later = checkout.live();
    const fresh = await new TrialPage(later, checkout).hello('one', 'versions');
    assert.equal(view(fresh)?.chosen.pg, '99');
    await checkout.end(later);
    await page.runs('all');
    assert.equal(page.run?.verdict, 'passed');
    await page.act('down');
    await checkout.end(live);
  });
});
