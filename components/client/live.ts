import styles from './live.css?inline';
import { LivePage } from './live-page.ts';

function start(): void {
  const mount = document.querySelector<HTMLElement>('.tejun-page');
  if (mount === null) return;
  // Not a file of its own: it would be linked from every page, also from those that no runner serves.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets.push(sheet);
  new LivePage(mount);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
else start();
