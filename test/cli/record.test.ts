import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { decodeCast } from '../../core/cast/decode.ts';
import { createTerminalText } from '../../core/output/terminal-text.ts';
import type { Recording } from '../../core/recording/model.ts';
import { parseRecording } from '../../core/recording/parse.ts';
import { page, until, Workspace } from './workspace.ts';

const fence = '```';

// What it prints is put together by the shell, so that the page itself says none of it.
const hostile = `---
title: A talkative program
tejun:
  lab: checkout
  vars: {password: "", region: "eu-default", size: "9"}
  secrets: [password]
---

${fence}sh step=titles
h=$(hostname); p='{{password}}'
printf '\\e]0;%s@%s: %s\\a\\e]1;%s\\e\\\\\\e]2;%s\\a' "$USER" "$h" "$PWD" "$h" "$HOME"
printf '\\e]7;file://%s%s\\e\\\\\\e]9;9;%s\\a' "$h" "$PWD" "$HOME"
printf '\\e]133;A;cl=%s\\a\\e]633;P;Cwd=%s\\a\\e]1337;RemoteHost=%s@%s\\a\\e]1337;CurrentDir=%s\\a' "$h" "$PWD" "$USER" "$h" "$PWD"
printf '\\e]8;;file://%s%s\\e\\\\a link\\e]8;;\\e\\\\ ' "$h" "$HOME"
printf '\\e]52;c;%s\\a' "$(printf %s "$p" | base64)"
printf '\\ePtmux;%s\\e\\\\\\e_G%s\\e\\\\\\e^%s\\e\\\\\\eX%s\\e\\\\\\ek%s\\e\\\\' "$h" "$h" "$h" "$h" "$h"
printf '\\xc2\\x9d0;%s\\xc2\\x9c\\xc2\\x90%s\\xc2\\x9c' "$h" "$h"
printf '\\e[c\\e[6n\\e[?1000h\\e[22;0t\\e[5i'
for piece in '\\e]' '0;' "$h" "$PWD" '\\a'; do printf "$piece"; sleep 0.02; done
printf 'done\\n'
${fence}

${fence}sh step=names
echo "on $(hostname) in $PWD and $HOME/x as $USER, $(hostname)-2 and $(hostname)x, file://$(hostname)$PWD/a.txt"
ip -o addr show 2>/dev/null | cat
hostname -I
${fence}

${fence}sh step=values
p='{{password}}'; r='{{region}}'
echo "whole $p and $r, pre\${r}post, size {{size}} of 1{{size}}"
printf 'pieces '; for ((i = 0; i < \${#p}; i++)); do printf %s "\${p:i:1}"; sleep 0.01; done; printf '\\n'
printf 'colours '; printf '\\e[1m%s\\e[0m' "\${p:0:3}"; printf '\\e[3%dm%s' 1 "\${p:3}" 2 ''; printf '\\e[0m\\n'
printf '%s' "\${r:0:4}"; sleep 0.05; printf '\\e[32m%s\\e[0m\\n' "\${r:4}"
printf 'title \\e]0;%s %s\\adrawn\\n' "$p" "$r"
printf '\\e[10G%s\\e[1G123456789%s\\n' "\${p:0:4}" ''; printf '\\e[15G%s\\e[11G%s\\n' "\${p:4}" "\${p:0:4}"
${fence}
`;

const passing = page(`
~~~sh step=one
echo one
~~~

~~~expect
one
~~~

~~~sh step=two until=20s
echo x >> n; test $(wc -l < n) -ge 3 && echo enough
~~~

~~~expect
enough
~~~
`);

/** The files of a recording, by name. */
function filesOf(workspace: Workspace, runbook: string, lab: string): Readonly<Record<string, string>> {
  const folder = join(workspace.root, 'content', 'recordings', runbook, lab);
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function recordingOf(workspace: Workspace, runbook: string, lab: string): Recording {
  const files = filesOf(workspace, runbook, lab);
  const read = parseRecording(files['recording.json'] ?? '', { file: 'recording.json', runbook, lab });
  assert.ok(read.kind === 'recording', JSON.stringify(read));
  assert.deepEqual(Object.keys(files).sort(), [...Object.values(read.recording.casts), 'recording.json'].sort());
  return read.recording;
}

suite('record', { timeout: 120_000 }, () => {
  const workspace = new Workspace({ 'good.mdx': passing, 'hostile.mdx': hostile });
  after(() => workspace.close());

  test('leaves nothing of secrets, given values and the machine in the bytes that it writes', async () => {
    const home = join(workspace.root, 'home of leaky');
    mkdirSync(home);
    const values = { password: 'hunter22-secret', region: 'mars-north', size: '7' };
    const { code, stdout, stderr } = await workspace.start(['record', 'hostile', '--var', `region=${values.region}`], {
      TEJUN_VAR_password: values.password,
      TEJUN_VAR_size: values.size,
      HOME: home,
      USER: 'leakyuser',
    }).ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /recorded +hostile on checkout: 3 steps, 1 cast, \d+ kB in content\/recordings\/hostile\/checkout/,
    );

    const files = filesOf(workspace, 'hostile', 'checkout');
    const recording = recordingOf(workspace, 'hostile', 'checkout');
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const leaks = [
      values.password,
      Buffer.from(values.password).toString('base64'),
      values.region,
      workspace.root,
      home,
      'leakyuser',
      ...addresses.flatMap(({ internal, address }) => (internal ? [] : [address])),
    ];
    const { columns = 0, ...cast } = castLines(files[recording.casts.here ?? ''] ?? '');
    assert.equal(columns, 120);
    for (const [name, text] of Object.entries({ ...files, 'as a reader sees it': (await cast.seen()).join('\n') })) {
      for (const leak of leaks)
        assert.doesNotMatch(text, new RegExp(`${leak.replaceAll('.', '\\.')}(?!\\d)`), `${leak} in ${name}`);
      const unescaped = text.replace(/\\u([0-9a-f]{4})|\\[rnt"\\]/g, (_, hex) =>
        hex ? String.fromCharCode(Number.parseInt(hex, 16)) : ' ',
      );
      const host = new RegExp(`(?<![\\w-])${hostname()}(?![\\w-])`);
      if (hostname() !== 'localhost') assert.doesNotMatch(unescaped, host, name);
      // In the recording controls that hide nothing are text, written as escapes; no terminal ever gets it.
      const obeyed = name === 'recording.json' ? text : unescaped;
      assert.doesNotMatch(obeyed, /\x1b[^[(78]|\x1b\[[?>=]?[0-9;]*[cntiq]|[\x80-\x9f\x07]|\x1b\[\?1000h/, name);
    }
    const [titles, names, printed] = recording.steps;
    assert.equal(titles?.verdict, 'passed');
    assert.match((await cast.seen()).join('\n'), /a link .*done$/m);
    const other = hostname();
    if (hostname() !== 'localhost') {
      const told = `on ‹host› in ‹checkout› and ‹home›/x as ‹user›, ${other}-2 and ${other}x, file://‹host›‹checkout›/a.txt`;
      assert.ok(names?.output.startsWith(`${told}\n`), names?.output);
    }
    assert.deepEqual(printed?.output.split('\n').slice(0, 4), [
      'whole ‹secret› and ‹region›, pre‹region›post, size ‹size› of 17',
      'pieces ‹secret›',
      'colours ‹secret›',
      '‹region›',
    ]);
    assert.match(printed?.command ?? '', /^p='‹secret›'; r='‹region›'\n/);
    // The run log keeps the given values, which are no secrets, but not the secret.
    const logs = workspace.logs().join('');
    assert.ok(!logs.includes(values.password) && logs.includes(values.region));
  });

  test('records a run with its repetitions, and the same run again to the same bytes', async () => {
    const first = await workspace.run('record', 'good');
    assert.equal(first.code, 0, first.stdout + first.stderr);
    const files = filesOf(workspace, 'good', 'linux');
    const recording = recordingOf(workspace, 'good', 'linux');
    assert.deepEqual(
      recording.steps.map(({ step, verdict, attempts, output }) => [step, verdict, attempts, output]),
      [
        ['one', 'passed', 1, 'one'],
        ['two', 'passed', 3, 'enough'],
      ],
    );
    const cast = castLines(files[recording.casts.postgres1 ?? ''] ?? '');
    assert.deepEqual(
      cast.markers,
      recording.steps.map(({ step, at }) => [step, at]),
    );
    assert.deepEqual(await cast.seen(), [
      '[postgres@postgres1]$ echo one',
      'one',
      '[postgres@postgres1]$ echo x >> n; test $(wc -l < n) -ge 3 && echo enough',
      '# attempt 3',
      '[postgres@postgres1]$ echo x >> n; test $(wc -l < n) -ge 3 && echo enough',
      'enough',
      '[postgres@postgres1]$ ',
    ]);
    const again = await workspace.run('record', 'good', '--newest');
    assert.equal(again.code, 0, again.stdout + again.stderr);
    assert.deepEqual(filesOf(workspace, 'good', 'linux'), files);
    await workspace.nothingIsLeft();
  });

  test('keeps the old recording when a run fails, unless it is told to record failures', async () => {
    const old = filesOf(workspace, 'good', 'linux');
    workspace.write('good.mdx', passing.replace('echo one\n', 'echo uno\n'));
    const failed = await workspace.run('record', 'good');
    assert.equal(failed.code, 1, failed.stdout + failed.stderr);
    assert.match(failed.stdout, /not recorded +good on linux: the run failed at step one \(--failed records it/);
    assert.deepEqual(filesOf(workspace, 'good', 'linux'), old);

    const newest = await workspace.run('record', 'good', '--newest');
    assert.equal(newest.code, 1);
    assert.deepEqual(filesOf(workspace, 'good', 'linux'), old);

    const told = await workspace.run('record', 'good', '--newest', '--failed');
    assert.equal(told.code, 1);
    assert.match(told.stdout, /^recorded +good on linux: 2 steps/m);
    const recording = recordingOf(workspace, 'good', 'linux');
    assert.equal(recording.verdict, 'failed');
    assert.deepEqual(
      recording.steps.map(({ step, verdict }) => [step, verdict]),
      [
        ['one', 'failed'],
        ['two', 'skipped'],
      ],
    );

    const batch = readdirSync(join(workspace.root, '.tejun/runs')).sort().at(-2) ?? '';
    const chosen = await workspace.run('record', 'good', '--from-run', batch.slice(0, -2));
    assert.equal(chosen.code, 0, chosen.stdout + chosen.stderr);
    assert.match(chosen.stdout, /good on linux: 2 steps, 1 edited since, 1 cast/);
    assert.deepEqual(filesOf(workspace, 'good', 'linux'), old);
    workspace.write('good.mdx', passing);
  });

  test('refuses parts of a page, runs that did not end and batches that are not there', async () => {
    const old = filesOf(workspace, 'good', 'linux');
    assert.equal((await workspace.run('verify', 'good', '--only', 'one')).code, 0);
    const part = readdirSync(join(workspace.root, '.tejun/runs')).sort().at(-1) ?? '';
    const refused: readonly (readonly [args: readonly string[], why: RegExp])[] = [
      [['--from-run', part], /in \S+ only a part of it was run/],
      [['--from-run', 'nowhere'], /there is no batch of runs nowhere/],
      [['--from-run', '2'], /several batches of runs begin with 2/],
      [['--newest', '--lab', 'checkout'], /there is no run of it on checkout that came to its end/],
    ];
    for (const [args, why] of refused) {
      const { code, stdout } = await workspace.run('record', 'good', ...args);
      assert.equal(code, 3);
      assert.match(stdout, why);
    }
    assert.equal((await workspace.run('record', 'good', '--newest', '--from-run', part)).code, 2);
    assert.deepEqual(filesOf(workspace, 'good', 'linux'), old);
  });

  test('stopped or killed in the middle of a run it leaves the old recording', async () => {
    const old = filesOf(workspace, 'good', 'linux');
    workspace.write('good.mdx', `${passing}\n${fence}sh step=wait\necho waiting\nsleep 600\n${fence}\n`);
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const call = workspace.start(['record', 'good']);
      await until('the last step waits', () => /waiting\\r/.test(workspace.logs().at(-1) ?? ''), call);
      call.child.kill(signal);
      const { code, stderr } = await call.ended;
      if (signal === 'SIGINT') {
        assert.equal(code, 3);
        assert.match(stderr, /stopped; nothing was recorded/);
      }
      assert.deepEqual(filesOf(workspace, 'good', 'linux'), old, signal);
    }
    workspace.write('good.mdx', passing);
  });

  test('skips a translation with the same steps', async () => {
    assert.equal((await workspace.run('verify', 'good')).code, 0);
    workspace.write('ja/good.mdx', passing.replace('A test', '試験'));
    const { code, stdout, stderr } = await workspace.run('record', '--newest');
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout, /ja\//);
    workspace.write('ja/good.mdx', passing.replace('echo one\n', 'echo eins\n').replace('\none\n', '\neins\n'));
    const other = await workspace.run('record', '--newest');
    assert.equal(other.code, 3);
    assert.match(other.stdout, /not recorded +ja\/good on linux: there is no run of it/);
  });
});

/** A cast's markers, and the lines that a reader sees when it was played. */
function castLines(text: string) {
  const cast = decodeCast(text);
  assert.ok(cast.kind === 'cast', JSON.stringify(cast));
  const { columns, rows } = cast.header;
  return {
    columns,
    markers: cast.events.flatMap((event) => (event.kind === 'marker' ? [[event.label, event.at]] : [])),
    seen: async (): Promise<readonly string[]> => {
      const terminal = createTerminalText({ columns, rows });
      const lines: string[] = [];
      for (const event of cast.events) if (event.kind === 'output') lines.push(...(await terminal.write(event.data)));
      return [...lines, ...(await terminal.end())];
    },
  };
}
