import { cpSync, createReadStream, existsSync, globSync, statSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { recordings } from './book.ts';

/** Puts the recordings' casts beside the pages, as files of their own that are loaded only when somebody plays them. */
export function casts(): AstroIntegration {
  return {
    name: 'tejun-casts',
    hooks: {
      'astro:server:setup': ({ server }) => {
        server.middlewares.use('/recordings', (request, response, next) => {
          const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
          const file = normalize(join(recordings, path));
          const isCast = file.startsWith(recordings + sep) && file.endsWith('.cast');
          if (!isCast || !existsSync(file) || !statSync(file).isFile()) return next();
          response.setHeader('Content-Type', 'application/x-asciicast');
          createReadStream(file).pipe(response);
        });
      },
      'astro:build:done': ({ dir }) => {
        const target = join(fileURLToPath(dir), 'recordings');
        for (const name of globSync('**/*.cast', { cwd: recordings }))
          cpSync(join(recordings, name), join(target, name), { recursive: true });
      },
    },
  };
}
