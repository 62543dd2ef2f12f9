import { after, before, suite, test } from 'node:test';
import type { Browser, Locator, Page } from '@playwright/test';
import { expect, Reader, startChromium } from './chromium.ts';
import { ServedBook, trialBook } from './served-book.ts';

// Which of a step's variants a reader sees, copies and runs: always the same one.
suite('variants of steps, for a reader on a Linux host', { timeout: 300_000 }, () => {
  const book = new ServedBook(4734, trialBook);
  let browser: Browser;
  let reader: Reader;
  let page: Page;

  before(async () => {
    browser = await startChromium();
    const address = await book.start();
    reader = await Reader.arrive(browser, book.origin);
    page = reader.page;
    await page.goto(address);
    await page.goto(`${book.origin}/trial/variants/`);
    await page.getByRole('button', { name: 'Bring up' }).click();
    await expect(page.locator('.tejun-bar li[data-host="postgres1"]')).toContainText('ready', { timeout: 60_000 });
  });
  // The book's own pages may not read what was copied: it is pasted elsewhere.
  const pasted = async (): Promise<string> => {
    const elsewhere = await reader.context.newPage();
    await elsewhere.setContent('<textarea autofocus></textarea>');
    await elsewhere.locator('textarea').press('Control+V');
    const text = await elsewhere.locator('textarea').inputValue();
    await elsewhere.close();
    return text;
  };
  after(async () => {
    await browser?.close();
    await book.close();
  });

  const languages = [
    { path: '/trial/variants/', host: 'this host', run: (id: string) => `Run step ${id}`, passed: 'passed' },
    { path: '/ja/trial/variants/', host: 'このホスト', run: (id: string) => `ステップ ${id} を実行`, passed: '成功' },
  ];
  for (const { path, host, run, passed } of languages) {
    const step = (id: string): Locator => page.locator(`#step-${id}`);
    const shown = (id: string, part: string): Locator => step(id).locator(`.step-${part} .variant:visible`);

    test(`${path}: one variant is this host's, and it is the one that is shown, copied and run`, async () => {
      await page.goto(`${book.origin}${path}`);
      for (const [id, label, command, output] of [
        ['either', 'bash', 'echo in bash', 'in bash'],
        ['three', 'Linux', 'echo on Debian', 'on Debian'],
      ] as const) {
        const chosen = step(id).locator('.step-command [role=tab][aria-selected=true]');
        await expect(chosen.locator('.variant-own:visible')).toHaveText(host);
        await expect(step(id).locator('.step-command .variant-own:visible')).toHaveCount(1);
        if (id === 'either') await expect(chosen).toContainText(label);
        await expect(shown(id, 'command')).toHaveCount(1);
        await expect(shown(id, 'command').locator('pre')).toHaveText(command);
        await shown(id, 'command').locator('.copy button').click();
        await expect.poll(pasted).toBe(command);
        const button = page.getByRole('button', { name: run(id), exact: true });
        await expect(button).toBeEnabled({ timeout: 30_000 });
        await page.screenshot({ path: book.picture(`variants${path.startsWith('/ja') ? '-ja' : ''}`) });
        await button.click();
        await expect(step(id).locator('.step-badge')).toContainText(passed);
        await expect(step(id).locator('.diff-lines > li[data-kind=matched]')).toHaveText([new RegExp(output)]);
      }
    });
  }

  test('nothing went wrong unseen', () => reader.leave());
});
