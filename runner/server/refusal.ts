import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import { badRequest, wrongHost, wrongMethod, wrongOrigin } from './answers.ts';
import { type OwnOrigin, soleHeader } from './own-origin.ts';

/** Why a request is refused whoever sends it, session or not; undefined when it is not. */
export function refusalOf(request: IncomingMessage, own: OwnOrigin): Answer | undefined {
  const host = soleHeader(request, 'host');
  if (typeof host !== 'string' || !own.hosts.includes(host)) return wrongHost;
  if (request.method !== 'GET' && request.method !== 'HEAD') return wrongMethod;
  // A proxy's way of asking, and bodies, which no request here has: what a front and a back could read differently.
  if (!request.url?.startsWith('/')) return badRequest;
  if (request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) !== 0)
    return badRequest;
  const origin = soleHeader(request, 'origin');
  if (origin !== undefined && !isOwn(origin, own)) return wrongOrigin;
  if (!isOwnFetch(request) && !isVisit(request)) return wrongOrigin;
  return undefined;
}

/** The same for a WebSocket, which browsers open to any server: only an Origin of our own tells our pages from others. */
export function upgradeRefusalOf(request: IncomingMessage, own: OwnOrigin): Answer | undefined {
  const refusal = refusalOf(request, own);
  if (refusal) return refusal;
  if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') return badRequest;
  return isOwn(soleHeader(request, 'origin'), own) && isOwnFetch(request) ? undefined : wrongOrigin;
}

function isOwn(origin: ReturnType<typeof soleHeader>, own: OwnOrigin): boolean {
  return typeof origin === 'string' && own.origins.includes(origin);
}

/** Made by our own page or by the person; clients that are no browsers do not say. */
function isOwnFetch({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** A link of another site that opens as a page of its own, not in a frame. */
function isVisit({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}
