import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Answer, htmlOf } from './answer.ts';

/** Gives an answer to a request; the response has the security headers already. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(htmlOf(answer));
  response.writeHead(answer.status, { ...headersOf(body), ...answer.headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Gives an answer to something that has no response object, such as an upgrade, and closes the connection. */
export function sendRaw(socket: Duplex, answer: Answer, security: Readonly<Record<string, string>>): void {
  // Nobody else listens any more, and the other side may be gone.
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = Buffer.from(htmlOf(answer));
  const headers = { ...security, ...headersOf(body), ...answer.headers, Connection: 'close' };
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]), () => socket.destroy());
}

function headersOf(body: Buffer): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': String(body.length),
    'Cache-Control': 'no-store',
  };
}
