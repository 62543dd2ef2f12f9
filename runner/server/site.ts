import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { badRequest, notFound } from './answers.ts';
import { locate } from './locate.ts';
import { mediaType } from './media-type.ts';
import { sendAnswer } from './send-answer.ts';

/** Serves the built site in the folder `site`, a real path, to requests that passed the gate. */
export async function serveSite(site: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', ...query] = (request.url ?? '').split('?');
  const place = await locate(site, path);
  switch (place.kind) {
    case 'file':
      return sendFile(place, request, response, 200);
    case 'folder':
      response.writeHead(308, { Location: [place.address, ...query].join('?'), 'Content-Length': 0 }).end();
      return;
    case 'refused':
      return sendAnswer(request, response, badRequest);
    case 'nothing': {
      const page = await locate(site, '/404.html');
      return page.kind === 'file' ? sendFile(page, request, response, 404) : sendAnswer(request, response, notFound);
    }
  }
}

/** Tells the page that a runner serves it: only then it loads what is live. */
export function markHtml(html: string): string {
  return html.replace(/<html(?=[\s>])/i, '<html data-runner');
}

async function sendFile(
  { path, stats }: { path: string; stats: Stats },
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
): Promise<void> {
  const tag = `"${stats.size.toString(36)}-${Math.trunc(stats.mtimeMs).toString(36)}-${stats.ino.toString(36)}"`;
  response.setHeader('Cache-Control', cacheControl(request.url ?? '', status));
  if (status === 200) response.setHeader('ETag', tag);
  if (status === 200 && isKnown(tag, request.headers['if-none-match'])) {
    response.writeHead(304).end();
    return;
  }
  const type = mediaType(path);
  // A link that took the file's place since would be followed without this flag.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    response.setHeader('Content-Type', type);
    if (type.startsWith('text/html'))
      await sendHtml(file, request, response.writeHead.bind(response, status), response);
    else await sendBytes(file, request, response, status);
  } finally {
    await file.close();
  }
}

async function sendHtml(
  file: FileHandle,
  { method }: IncomingMessage,
  writeHead: (headers: Record<string, number>) => ServerResponse,
  response: ServerResponse,
): Promise<void> {
  const body = Buffer.from(markHtml(await file.readFile('utf8')));
  writeHead({ 'Content-Length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
}

async function sendBytes(
  file: FileHandle,
  { method }: IncomingMessage,
  response: ServerResponse,
  status: number,
): Promise<void> {
  const { size } = await file.stat();
  response.writeHead(status, { 'Content-Length': size });
  if (method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  // A file that grows meanwhile must not say more than its length was.
  await pipeline(file.createReadStream({ autoClose: false, start: 0, end: size - 1 }), response);
}

function cacheControl(address: string, status: number): string {
  if (status !== 200) return 'no-store';
  // Only names that hold a hash of their content never change.
  return address.startsWith('/_astro/') ? 'private, max-age=31536000, immutable' : 'no-cache';
}

function isKnown(tag: string, header: string | undefined): boolean {
  return (header ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === tag || each.trim() === '*');
}
