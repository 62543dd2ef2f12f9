import { adoptStyles } from './adopt-styles.ts';
import styles from './live.css?inline';
import { LivePage } from './live-page.ts';

function start(): void {
  const mount = document.querySelector<HTMLElement>('.tejun-page');
  if (mount === null) return;
  adoptStyles(styles);
  new LivePage(mount);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
else start();
