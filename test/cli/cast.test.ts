import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { encodeCast } from '../../core/cast/encode.ts';
import type { CastEvent } from '../../core/cast/model.ts';
import { startChromium } from '../browser/chromium.ts';
import { checkout, onTerminal, playsInAsciinema, readCast, shown, size } from './asciinema.ts';

/** Without what only says where text stands. */
const squeeze = (text: string): string => text.replaceAll(/\s+/g, '');

suite('casts play', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tejun-cast-'));
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, events: readonly CastEvent[]): string => {
    const file = join(folder, name);
    writeFileSync(file, encodeCast({ ...size, title: '日本語 "quoted"', timestamp: 1, idleTimeLimit: 2 }, events));
    return file;
  };
  const everything = write('everything.cast', [
    { at: 0, kind: 'marker', label: 'first' },
    { at: 0, kind: 'output', data: '日本語 👩‍💻 \x1b[1mbold\x1b[0m\r\n' },
    { at: 30.4, kind: 'resize', columns: 120, rows: 30 },
    { at: 50, kind: 'output', data: '10%\r\x1b[2K100%\r\n' },
    { at: 60, kind: 'output', data: `${'x'.repeat(300)}\r\nend\r\n` },
    { at: 70, kind: 'exit', code: 3 },
  ]);
  const recorded = globSync('content/recordings/**/*.cast', { cwd: checkout });

  test('in asciinema of Debian, by way of `tejun cast`', async () => {
    // The longest of each lab; `npm run test:all` plays all of them.
    const longest = new Map<string, string>();
    const bytes = (file: string): number => statSync(join(checkout, file)).size;
    for (const file of recorded) {
      const lab = basename(dirname(file));
      const known = longest.get(lab);
      if (known === undefined || bytes(file) > bytes(known)) longest.set(lab, file);
    }
    assert.ok(longest.size > 1, 'the book is recorded on several labs');
    for (const file of [everything, ...longest.values()]) await playsInAsciinema(file);
  });

  test('in the player of the pages, as they are', async () => {
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      const bundle = join(checkout, 'node_modules/asciinema-player/dist/bundle');
      await page.setContent('<!doctype html><div id="player"></div>');
      await page.addStyleTag({ path: join(bundle, 'asciinema-player.css') });
      await page.addScriptTag({ path: join(bundle, 'asciinema-player.min.js') });
      for (const file of [everything, ...recorded]) {
        const { text, events, output } = readCast(file);
        const lines = await shown(output);
        const markers = events.flatMap((event) => (event.kind === 'marker' ? [event.label] : []));
        const told = await page.evaluate<{ screen: string; markers: number }>(
          `(${playToTheEnd})(${JSON.stringify(text)})`,
        );
        assert.equal(told.markers, markers.length, file);
        const last = lines.findLast((line) => line.trim() !== '') ?? '';
        // A long line is several of the player's.
        assert.ok(squeeze(told.screen).includes(squeeze(last)), `${file}: ${last}\nis not in\n${told.screen}`);
      }
    } finally {
      await browser.close();
    }
  });

  test('and what is no cast is refused with file and line', async () => {
    const torn = write('torn.cast', []);
    writeFileSync(torn, `${readFileSync(torn, 'utf8')}[0.1, "o", "to`);
    const { output, code } = await onTerminal('"$1" runner/main.ts cast "$2"', process.execPath, torn);
    assert.equal(code, 2);
    assert.match(output, /torn\.cast:2:1: this line is no JSON/);
    const none = await onTerminal('"$1" runner/main.ts cast nowhere.cast', process.execPath);
    assert.equal(none.code, 2);
    assert.match(none.output, /nowhere\.cast: no such file/);
  });
});

/** For the browser: plays a cast to its end, and tells what then is on the screen. */
const playToTheEnd = `async (text) => {
  const element = document.getElementById('player');
  const player = AsciinemaPlayer.create({ data: text }, element, { speed: 10000, idleTimeLimit: 0.01, controls: true });
  const ended = new Promise((resolve) => player.addEventListener('ended', resolve));
  await player.play();
  await ended;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const screen = element.querySelector('.ap-term-text, .ap-terminal').textContent;
  const markers = element.querySelectorAll('.ap-marker-container').length;
  player.dispose();
  return { screen, markers };
}`;
