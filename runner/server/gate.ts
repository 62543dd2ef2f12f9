import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Answer } from './answer.ts';
import {
  entryUnknown,
  entryUsed,
  letIn,
  malformed,
  notFound,
  notInAdvance,
  notLetIn,
  tooManySockets,
  upgradeNeeded,
  wrongExpectation,
  wrongMethod,
} from './answers.ts';
import { type BoundedConnections, boundConnections } from './bounded-connections.ts';
import type { Live } from './connection.ts';
import { createEntrance, randomSecret } from './entrance.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { isAnswering, noteAnswering } from './one-at-a-time.ts';
import { loopback, type OwnOrigin, ownOrigin } from './own-origin.ts';
import { refusalOf, upgradeRefusalOf } from './refusal.ts';
import { safeTarget } from './safe-target.ts';
import { type Policy, securityHeaders } from './security-headers.ts';
import { sendAnswer, sendRaw } from './send-answer.ts';
import { sessionCookie, sessionsIn } from './session-cookie.ts';
import { SocketHub } from './socket-hub.ts';

/** What a gate needs. */
export type GateSettings = {
  /** Asked when a request comes: a development server finds its port late. */
  readonly port: () => number;
  readonly live: Live;
  readonly policy: Policy;
  /** WebSockets at other paths go on to the server's other listeners, such as Vite's; otherwise they are refused. */
  readonly otherSockets?: boolean;
  /** Makes a secret of 256 bits. */
  readonly tokens?: () => string;
  readonly limits?: Partial<Limits>;
  readonly onFault?: (error: unknown) => void;
};

/** What stands in front of the pages: nothing passes without a session but the entry itself. */
export type Gate = {
  /** Makes the one entry address that works, once; the reader lands on `to`. */
  newEntry(to?: string): string;
  /** Connect-style: answers what must not pass and what is the gate's own, calls `next` for the rest. */
  middleware(request: IncomingMessage, response: ServerResponse, next: () => void): void;
  /** Takes or refuses an upgrade; false when it passed and is somebody else's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Stands before everything that listens to the server by now, and bounds its connections. */
  attach(server: Server): void;
  /** Ends all WebSockets. */
  close(): Promise<void>;
};

const entryPath = '/_tejun/enter';
const socketPath = '/_tejun/socket';

/** A gate for the server at `port`, in front of built pages or of a development server. */
export function createGate(settings: GateSettings): Gate {
  const limits = { ...defaultLimits, ...settings.limits };
  const { live, policy, port, onFault = () => undefined } = settings;
  const entrance = createEntrance(settings.tokens ?? randomSecret);
  const own = (): OwnOrigin => ownOrigin(port());
  const security = () => securityHeaders(policy(own()));
  const refuse = (socket: Duplex, answer: Answer): void => sendRaw(socket, answer, security());
  const hub = new SocketHub({ live, limits, onFault }, (socket) => refuse(socket, malformed(undefined)));
  let connections: BoundedConnections | undefined;

  const hasSession = ({ headers, socket }: IncomingMessage): boolean => {
    const known = sessionsIn(headers.cookie, port()).some((session) => entrance.knows(session));
    if (known) connections?.known(socket);
    return known;
  };

  const enter = (request: IncomingMessage): Answer => {
    const { searchParams } = new URL(request.url ?? '', `http://${loopback}`);
    const to = safeTarget(searchParams.get('to'));
    if (request.method !== 'GET') return wrongMethod;
    if (/prefetch|prerender/.test(`${request.headers['sec-purpose']} ${request.headers.purpose}`)) return notInAdvance;
    const admission = entrance.admit(searchParams.get('token') ?? '');
    switch (admission.kind) {
      case 'admitted':
        return letIn(to, sessionCookie(port(), admission.session));
      case 'used':
        return entryUsed;
      case 'unknown':
        return entryUnknown;
    }
  };

  const answerTo = (request: IncomingMessage): Answer | undefined => {
    const refusal = refusalOf(request, own());
    if (refusal) return refusal;
    const path = pathOf(request);
    if (path === entryPath) return enter(request);
    if (!hasSession(request)) return notLetIn;
    if (path === socketPath) return upgradeNeeded;
    return path.startsWith('/_tejun/') ? notFound : undefined;
  };

  const gate: Gate = {
    newEntry(to) {
      const address = new URL(entryPath, `http://${loopback}:${port()}`);
      address.searchParams.set('token', entrance.newToken());
      if (to !== undefined) address.searchParams.set('to', to);
      return address.href;
    },
    middleware(request, response, next) {
      if (isAnswering(request.socket)) {
        request.socket.destroy();
        return;
      }
      noteAnswering(request, response);
      for (const [name, value] of Object.entries(security())) response.setHeader(name, value);
      const answer = answerTo(request);
      if (answer) sendAnswer(request, response, answer);
      else next();
    },
    upgrade(request, socket, head) {
      const refusal = upgradeRefusalOf(request, own()) ?? (hasSession(request) ? undefined : notLetIn);
      const isOurs = pathOf(request) === socketPath;
      if (refusal) refuse(socket, refusal);
      else if (isOurs && !hub.hasRoom) refuse(socket, tooManySockets);
      else if (isOurs) hub.take(request, socket, head);
      else if (settings.otherSockets) return false;
      else refuse(socket, notFound);
      return true;
    },
    attach(server) {
      connections = boundConnections(server, limits.connections);
      server.headersTimeout = limits.headMs;
      server.requestTimeout = limits.headMs * 2;
      server.keepAliveTimeout = limits.headMs;
      const behind = server.listeners('request') as RequestListener[];
      server.removeAllListeners('request');
      server.on('request', (request, response) =>
        gate.middleware(request, response, () => {
          for (const listener of behind) listener.call(server, request, response);
        }),
      );
      server.prependListener('upgrade', (request, socket: Socket, head) => {
        connections?.released(socket);
        if (isAnswering(socket)) socket.destroy();
        else if (!gate.upgrade(request, socket, head)) return;
        // What comes after us must not take it for its own.
        request.url = socketPath;
        delete request.headers['sec-websocket-protocol'];
      });
      server.prependListener('clientError', (error: NodeJS.ErrnoException, socket) => {
        if (error.code === 'ECONNRESET') socket.destroy();
        else refuse(socket, malformed(error.code));
      });
      server.prependListener('checkExpectation', (request, response) => {
        gate.middleware(request, response, () => sendAnswer(request, response, wrongExpectation));
      });
      server.prependListener('connect', (_request, socket) => refuse(socket, wrongMethod));
    },
    close: () => hub.close(),
  };
  return gate;
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}
