import type { Plugin } from 'vite';

/**
 * Leaves out of every page what names ahead the files of parts that are loaded on demand: there are few, mostly from the
 * same machine. Astro sets the option itself, so only a plugin comes after it.
 */
export const noPreload: Plugin = {
  name: 'tejun-no-preload',
  configEnvironment: (name) => (name === 'client' ? { build: { modulePreload: false } } : undefined),
};
