import type { OwnOrigin } from './own-origin.ts';

/** Makes the Content-Security-Policy of every answer. */
export type Policy = (own: OwnOrigin) => string;

/** The policy of the built site: no script but the site's own files and the build's own inline scripts. */
export function sitePolicy(scriptHashes: readonly string[]): Policy {
  return (own) => policy(own, ["'self'", "'wasm-unsafe-eval'", ...scriptHashes], ["'self'"]);
}

/** The policy of the author's mode: Vite injects inline scripts and fonts of its own, which no hash can name. */
export const authorPolicy: Policy = (own) =>
  policy(own, ["'self'", "'unsafe-inline'", "'wasm-unsafe-eval'"], ["'self'", 'data:']);

function policy({ socketOrigins }: OwnOrigin, scripts: readonly string[], fonts: readonly string[]): string {
  return Object.entries({
    'default-src': ["'none'"],
    'script-src': scripts,
    'script-src-attr': ["'none'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': fonts,
    // Not every browser counts a WebSocket of the same origin as 'self'.
    'connect-src': ["'self'", ...socketOrigins],
    'worker-src': ["'self'"],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  })
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ');
}

/** The headers of every answer, whoever gives it. */
export function securityHeaders(contentSecurityPolicy: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Origin-Agent-Cluster': '?1',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), payment=(), clipboard-read=(), clipboard-write=(self), fullscreen=(self)',
  };
}
