import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { TrialCheckout, TrialPage } from './live-trial.ts';

const pages = {
  steps: `
~~~sh step=place host=alpha
cd /srv
echo here I am
~~~

~~~sh step=where host=alpha
pwd
~~~

~~~expect
/srv
~~~

~~~sh step=asks host=alpha timeout=20s
read -p "name? " name; echo "hello $name"
~~~

~~~expect
name? you
hello you
~~~

~~~sh step=size host=alpha
stty size
~~~

~~~expect
30 120
~~~
`,
  exits: '~~~sh step=exits host=alpha\nexit 4\n~~~',
  both: `
~~~sh step=left host=alpha background
echo left; sleep 1000
~~~

~~~expect
left
~~~

~~~sh step=right host=beta
echo right
~~~
`,
  flood: '~~~sh step=flood host=alpha timeout=60s\nhead -c 10M /dev/zero | tr "\\\\0" x | fold -w 99\n~~~',
};

suite('terminals that readers and steps share', () => {
  const checkout = new TrialCheckout(pages);
  checkout.page(
    'secret',
    '~~~sh step=tell host=alpha\necho it is {{password}}; x={{password}}\n~~~\n\n~~~expect\nit is {{password}}\n~~~\n\n~~~sh step=plain host=alpha\necho plain {{password}}; sleep 0.3\n~~~',
    'lab: two\nvars: {password: ""}\nsecrets: [password]',
  );
  const live = checkout.live({ patience: 500 });
  const open = (runbook = 'steps', lab?: string) => new TrialPage(live, checkout).hello(runbook, lab);
  before(async () => {
    const page = await open();
    await page.act('up');
    page.gone();
  });
  after(() => checkout.close());

  const sessionDirectory = '.tejun/labs/two/alpha/sessions';

  test('show what a person before them would see, and where each step ran', async () => {
    const page = await open();
    await assert.rejects(page.watch('gamma'), /no host gamma\nits hosts are alpha, beta/);
    await page.watch('alpha');
    await page.untilShown('alpha', /\$ $/);
    await page.runs('step', 'place');
    await page.untilShown('alpha', /here I am\r\n.*\/srv\$ $/s);
    assert.match(
      page.terminal('alpha').text,
      /^\x1b\[\?2004hpostgres@alpha:~\$ cd \/srv\r\necho here I am\r\n\x1b\[\?2004lhere I am\r\n/,
    );
    assert.doesNotMatch(page.terminal('alpha').text, /__tejun|133;|builtin/);
    assert.equal(page.textOf('place'), 'here I am\r\n');
    page.type('alpha', 'cd /; mark=1; cd - >/dev/null\r');
    await page.untilShown('alpha', /mark=1.*\$ $/s);
    await page.runs('step', 'where');
    assert.equal(page.steps.get('where')?.outcome?.verdict, 'passed');
    page.gone();
  });

  test('go on where a page was, and begin anew where that is not known', async () => {
    const page = await open();
    await page.watch('alpha');
    await page.untilShown('alpha', /\$ $/);
    const { terminal, text, offset } = page.terminal('alpha');
    assert.equal(offset, 0);
    const again = await open();
    await again.watch('alpha', { terminal, from: text.length - 9 });
    await again.untilShown('alpha', /\$ $/);
    assert.equal(again.terminal('alpha').text, text.slice(-9));
    for (const from of [
      { terminal: 'another', from: 5 },
      { terminal, from: 1e9 },
    ]) {
      await again.watch('alpha', from);
      await again.until('all of it is there', () => again.terminal('alpha').text === text);
    }
    page.gone();
    again.gone();
  });

  test('take what a reader types into a step that asks', async () => {
    const page = await open();
    await page.watch('alpha');
    const running = page.runs('step', 'asks');
    await page.untilShown('alpha', /name\? $/);
    page.type('alpha', 'you\r');
    await running;
    assert.equal(page.steps.get('asks')?.outcome?.verdict, 'passed', page.steps.get('asks')?.outcome?.output);
    page.gone();
  });

  test('are left alone while a program of a reader runs, and a line half typed is cleared', async () => {
    const page = await open();
    await page.watch('alpha');
    page.type('alpha', 'sleep 1000\r');
    await assert.rejects(
      page.runs('step', 'where'),
      /terminal on alpha is busy with sleep\nend it there \(Ctrl-C\), or wait/,
    );
    assert.notEqual(page.steps.get('where')?.status, 'queued');
    page.type('alpha', '\x03');
    await page.untilShown('alpha', /\^C.*\$ $/s);
    page.type('alpha', 'while :; do :; done\r');
    await assert.rejects(page.runs('step', 'where'), /busy with a command line of bash/);
    page.type('alpha', '\x03');
    page.type('alpha', 'echo "not\r');
    await assert.rejects(page.runs('step', 'where'), /busy with a command line of bash/);
    page.type('alpha', '\x03');
    await page.untilShown('alpha', /echo "not.*\^C.*\$ $/s);
    page.type('alpha', 'touch ~/half');
    await page.untilShown('alpha', /touch ~\/half$/);
    await page.runs('step', 'where');
    assert.equal(page.steps.get('where')?.outcome?.verdict, 'passed');
    await page.untilShown('alpha', /touch ~\/half\^C\r\n[^\n]*\$ pwd\r\n/);
    page.type('alpha', 'ls ~\r');
    await page.untilShown('alpha', /ls ~\r\n\x1b\[\?2004l\r\x1b\[\?2004hpostgres@alpha:\/srv\$ $/);
    page.gone();
  });

  test('have the size of the command line while a run goes on, and otherwise that of the reader', async () => {
    const page = await open();
    await page.watch('alpha');
    page.send({ kind: 'resize', lab: 'two', host: 'alpha', columns: 77, rows: 22 });
    const sizes = (): string[] =>
      page.messages.flatMap((message) => (message.kind === 'terminal' ? [`${message.columns}x${message.rows}`] : []));
    await page.until('the size is there', () => sizes().at(-1) === '77x22');
    page.type('alpha', 'stty size\r');
    await page.untilShown('alpha', /22 77/);
    await page.runs('step', 'size');
    assert.equal(page.steps.get('size')?.outcome?.verdict, 'passed', page.steps.get('size')?.outcome?.output);
    await page.until('the size is back', () => sizes().slice(-2).join() === '120x30,77x22');
    page.gone();
  });

  test('end with their shell, and the next step has a new one', async () => {
    const page = await open('exits');
    await page.watch('alpha');
    const { terminal } = page.terminal('alpha');
    await page.runs('step', 'exits');
    await page.until('it ended', () => page.terminal('alpha').ended !== undefined);
    assert.match(page.terminal('alpha').ended ?? '', /exit code 4/);
    assert.match(page.steps.get('exits')?.outcome?.reason ?? '', /ended the shell itself/);
    await page.until('its place is gone', () => page.steps.get('exits')?.place === undefined);
    await page.runs('step', 'exits');
    assert.notEqual(page.terminal('alpha').terminal, terminal, 'who watched sees the new one');
    await page.until('it ended', () => page.terminal('alpha').ended !== undefined);
    await page.watch('alpha');
    page.type('alpha', 'exit 5\r');
    await page.until('it ended', () => /exit code 5/.test(page.terminal('alpha').ended ?? ''));
    page.gone();
  });

  test('are of each host, and steps of one do not disturb the other', async () => {
    const page = await open('both');
    await page.watch('alpha');
    await page.watch('beta');
    page.type('alpha', 'sleep 1000\r');
    await page.untilShown('alpha', /sleep 1000/);
    await page.runs('step', 'right');
    assert.equal(page.textOf('right'), 'right\r\n');
    await page.runs('all');
    assert.equal(page.run?.verdict, 'passed');
    assert.ok(
      page.messages.some((message) => message.kind === 'terminal-ended' && /the lab was reset/.test(message.why)),
    );
    page.gone();
  });

  test('keep their end: an old place in a long one is gone', async () => {
    const page = await open('flood');
    await page.runs('step', 'flood');
    assert.equal(page.run?.verdict, 'passed');
    const late = await open('flood');
    await late.watch('alpha');
    await late.untilShown('alpha', /\$ $/);
    const { offset, text } = late.terminal('alpha');
    assert.ok(offset > 9e6 && text.length > 900_000 && text.length <= 1024 * 1024, `${offset} ${text.length}`);
    assert.match(text, /^x{99}\r\n/);
    page.gone();
    late.gone();
  });

  test('let yes run for a reader who draws slowly, within the window, and answer Ctrl-C', async () => {
    const page = await open();
    await page.watch('alpha');
    page.awake = false;
    page.type('alpha', 'yes\r');
    const spool = () => readFileSync(`${checkout.root}/${sessionDirectory}/steps/spool`).length;
    let most = 0;
    for (let round = 0; round < 60; round++) {
      await page.until('the window is full', () => page.undrawn >= 256 * 1024);
      assert.equal(page.undrawn, 256 * 1024);
      most = Math.max(most, spool());
      page.draw('alpha');
    }
    assert.ok(page.terminal('alpha').text.length > 15e6);
    // Unbounded it would have hundreds of MB; on a busy machine some come before the runner can stop them.
    assert.ok(most < 64e6, `the spool has ${most} bytes`);
    const shown = page.terminal('alpha').text.length;
    page.type('alpha', '\x03');
    page.awake = true;
    page.draw('alpha');
    await page.untilShown('alpha', /\^C\r\n.*\$ $/s);
    const between = page.terminal('alpha').text.length - shown;
    assert.ok(between < 16e6, `${between} units between the key and what it did`);
    page.gone();
  });

  test('do not wait for a page that sleeps', async () => {
    const page = await open('flood');
    const sleeping = await open('flood');
    await page.watch('alpha');
    await sleeping.watch('alpha');
    sleeping.awake = false;
    const began = performance.now();
    await page.runs('step', 'flood');
    assert.equal(page.run?.verdict, 'passed');
    assert.ok(performance.now() - began < 10_000);
    assert.ok(sleeping.undrawn <= 256 * 1024);
    const before = sleeping.terminal('alpha').offset;
    sleeping.awake = true;
    sleeping.draw('alpha');
    await sleeping.untilShown('alpha', /\$ $/);
    assert.ok(sleeping.terminal('alpha').offset > before + 8e6, 'what it slept through is left out');
    page.gone();
    sleeping.gone();
  });

  test('take no keys where the lab says so', async () => {
    const page = await open('steps', 'still');
    await page.act('up');
    await page.watch('alpha');
    await page.untilShown('alpha', /\$ $/);
    const { text } = page.terminal('alpha');
    page.type('alpha', 'touch x\r');
    await page.until('it is refused', () =>
      page.messages.some((message) => message.kind === 'refused' && /may not type/.test(message.what)),
    );
    await page.runs('step', 'place');
    assert.equal(page.terminal('alpha').text.slice(0, text.length + 3), `${text}cd `);
    await page.act('down');
    assert.match(page.terminal('alpha').ended ?? '', /the lab went down/);
    await assert.rejects(page.watch('alpha'), /the lab still is not up\nbring it up/);
    page.gone();
  });

  test('show no secret, neither in the terminal nor anywhere else', async () => {
    process.env.TEJUN_VAR_password = 'correct-horse';
    const page = await open('secret');
    await page.watch('alpha');
    await page.runs('step', 'tell');
    assert.equal(page.run?.verdict, 'passed');
    await page.runs('step', 'plain');
    assert.equal(page.steps.get('plain')?.output, 'plain ‹secret›');
    page.type('alpha', 'echo "again $x"; set -x; echo $x; set +x\r');
    await page.untilShown('alpha', /again ‹secret›.*echo ‹secret›.*\$ $/s);
    page.type('alpha', `printf '%s' correct-; sleep 0.3; echo horse\r`);
    await page.untilShown('alpha', /\r‹secret›\r\n/s);
    const later = await open('secret');
    await later.watch('alpha');
    await later.untilShown('alpha', /again ‹secret›/);
    delete process.env.TEJUN_VAR_password;
    assert.doesNotMatch(JSON.stringify([page.messages, later.messages]), /correct-horse/);
    page.gone();
    later.gone();
  });

  test('show no mark, also to who asks the shell for it', async () => {
    const page = await open();
    await page.watch('alpha');
    page.type('alpha', 'declare -f __tejun_prompt; echo "$PS1" "${PROMPT_COMMAND@Q}"; echo that was "it"\r');
    await page.untilShown('alpha', /that was it/);
    const state = readFileSync(`${checkout.root}/${sessionDirectory}/steps/state.json`, 'utf8');
    const { nonce } = JSON.parse(state) as { nonce: string };
    assert.match(nonce, /^@[0-9a-f]{32}$/);
    assert.ok(!JSON.stringify(page.messages).includes(nonce.slice(1)));
    page.gone();
  });
});
