const key = 'tejun-reloaded';
/** Being told to reload for the same reason within this time means that reloading does not help, ms. */
const loopMs = 60_000;

type Reload = { readonly path: string; readonly why: string; readonly at: number };

/** Reloads the page, but not again for the same reason; false then. */
export function reloadOnce(why: string): boolean {
  const last = lastReload();
  if (last?.path === location.pathname && last.why === why && Date.now() - last.at < loopMs) return false;
  sessionStorage.setItem(key, JSON.stringify({ path: location.pathname, why, at: Date.now() } satisfies Reload));
  location.reload();
  return true;
}

/** Why this page has just been reloaded by itself; undefined when it was not. */
export function whyReloaded(): string | undefined {
  const last = lastReload();
  const isNow = last?.path === location.pathname && Date.now() - performance.now() - last.at < 2000;
  return isNow && performance.now() < 10_000 ? last.why : undefined;
}

function lastReload(): Reload | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
