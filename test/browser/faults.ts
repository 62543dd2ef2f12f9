import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

// Starlight's search button shows its shortcut beside its name.
const starlights = 'button[data-open-modal]';

/** What axe finds wrong with a page as it is: rule and place of each violation. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude(starlights).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}
