import type { Page } from '@playwright/test';

/** Brings the page's lab up and opens a host's terminal, which then has the focus. */
export async function openTerminal(page: Page, host: string): Promise<void> {
  await page.getByRole('button', { name: 'Bring up' }).click();
  await page.getByRole('button', { name: 'Bring up' }).waitFor({ state: 'hidden', timeout: 60_000 });
  await page.getByRole('button', { name: `Terminal on ${host}`, exact: true }).click();
  const terminal = page.getByRole('region', { name: `Terminal on ${host}` });
  await page.locator('[data-state="open"]').and(terminal).waitFor({ timeout: 30_000 });
  await terminal.locator('.xterm').click();
}
