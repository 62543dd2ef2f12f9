/**
 * The path of this server that `to` asks for, or `/` when it is none: another origin, however it is spelt (`//evil`, `/\evil`,
 * a tab that URL parsers drop), a path that only becomes one when it is normalised, or one of the server's own endpoints.
 */
export function safeTarget(to: string | null | undefined): string {
  if (!to || !/^\/[\x21-\x7e]*$/.test(to) || /^\/[/\\]|\\/.test(to)) return '/';
  const base = 'http://127.0.0.1';
  if (!URL.canParse(to, base)) return '/';
  const { origin, pathname, search, hash } = new URL(to, base);
  if (origin !== base || pathname.startsWith('//') || /^\/_tejun(\/|$)/i.test(pathname)) return '/';
  return pathname + search + hash;
}
