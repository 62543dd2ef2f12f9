/** What every page loads: little itself, and the rest only when it is needed. */
const root = document.documentElement;
const live = root.hasAttribute('data-runner');

if (live) void import('../client/live.ts');

const ago = new Intl.RelativeTimeFormat(root.lang, { numeric: 'auto' });
for (const time of document.querySelectorAll<HTMLTimeElement>('.tejun-page time, .recorded time')) {
  const days = Math.floor((Date.now() - Date.parse(time.dateTime)) / 86_400_000);
  if (days >= 0) time.append(` (${ago.format(-days, 'day')})`);
}

if (document.querySelector(`.recorded + .recorded${live ? '' : ', .variant + .variant'}`))
  void import('./tabs.ts').then(({ makeTabs }) => makeTabs(live));

document.addEventListener('click', ({ target }) => {
  const button = (target as Element).closest<HTMLButtonElement>('.replay');
  if (button) void import('./replay.ts').then(({ toggleReplay }) => toggleReplay(button));
});

/** What has to be scrolled sideways has to be reached by keyboard; what has not should not be in the way. */
function reach(): void {
  // First read, then written: a reading after a writing would lay out the page again.
  const boxes = Array.from(document.querySelectorAll<HTMLElement>('.output, .diff'), (box) => ({
    box,
    wide: box.scrollWidth > box.clientWidth,
  }));
  for (const { box, wide } of boxes) box.tabIndex = wide ? 0 : -1;
}
reach();
addEventListener('resize', reach);
addEventListener('toggle', reach, true);
