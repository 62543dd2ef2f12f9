const root = document.documentElement;

if (root.hasAttribute('data-runner')) void import('../client/live.ts');

export {};
