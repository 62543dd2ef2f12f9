const mark = 'tejun-reloaded';
/** A page that is told to reload this soon after it was reloaded would be told so for ever. */
const loopMs = 5_000;

/** Reloads the page, but not when it has only just been reloaded for the same reason; false then. */
export function reloadOnce(): boolean {
  const last = Number(sessionStorage.getItem(mark) ?? 0);
  if (performance.now() < loopMs && Date.now() - last < 2 * loopMs) return false;
  sessionStorage.setItem(mark, String(Date.now()));
  location.reload();
  return true;
}
