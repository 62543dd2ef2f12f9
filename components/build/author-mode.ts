import { join, sep } from 'node:path';
import type { AstroIntegration } from 'astro';
import { recordings, repository } from './book.ts';

/** `astro dev`: pages are live when a runner stands behind it (`TEJUN_LIVE=1`), and follow new recordings. */
export function authorMode(): AstroIntegration {
  return {
    name: 'tejun-author-mode',
    hooks: {
      'astro:config:setup': ({ command, addMiddleware }) => {
        if (command !== 'dev' || process.env.TEJUN_LIVE !== '1') return;
        addMiddleware({ order: 'post', entrypoint: join(repository, 'components', 'build', 'mark-live.ts') });
      },
      'astro:server:setup': ({ server }) => {
        server.watcher.add(recordings);
        server.watcher.on('all', (_, path) => {
          if (!path.startsWith(recordings + sep) || !path.endsWith('.json')) return;
          for (const { moduleGraph } of Object.values(server.environments))
            for (const [id, module] of moduleGraph.idToModuleMap)
              if (/\.mdx?(?:\?|$)/.test(id)) moduleGraph.invalidateModule(module);
          server.environments.client.hot.send({ type: 'full-reload' });
        });
      },
    },
  };
}
