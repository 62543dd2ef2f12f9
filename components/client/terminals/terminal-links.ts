import type { ILinkHandler } from '@xterm/xterm';
import { texts } from '../texts.ts';

/**
 * Opens a link that a program wrote, only when it leads to the web and the reader holds Ctrl: what a link says and where it
 * leads need not be the same, so the address is shown first.
 */
export function linkHandler(tip: (text: string | undefined) => void): ILinkHandler {
  return {
    activate(event, address) {
      if (!event.ctrlKey && !event.metaKey) return;
      const url = webAddress(address);
      if (url !== undefined) window.open(url, '_blank', 'noopener,noreferrer');
    },
    hover(_event, address) {
      const url = webAddress(address);
      tip(url === undefined ? undefined : texts.openLink(url));
    },
    leave: () => tip(undefined),
    allowNonHttpProtocols: false,
  };
}

function webAddress(address: string): string | undefined {
  const url = URL.parse(address);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined;
}
