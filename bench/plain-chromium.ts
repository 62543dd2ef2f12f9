import { type Browser, chromium } from '@playwright/test';

/**
 * Starts Debian's Chromium without canvases of the graphics card, on which wetty would draw: what stands in a terminal
 * has to be in the document to be seen. `more` are further arguments.
 */
export function startPlainChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
    ],
  });
}
