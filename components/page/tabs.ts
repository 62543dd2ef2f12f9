import styles from '../styles/tabs.css?inline';
import { addStyles } from './add-styles.ts';

/** A row of tabs and what they choose between. */
type Tabs = { readonly choices: readonly Choice[]; readonly choose: (choice: Choice) => void };

type Choice = { readonly panel: HTMLElement; readonly tab: HTMLButtonElement; readonly names: readonly string[] };

/**
 * Makes tabs of what differs by lab or by system; without this it stands one below the other. Choosing in one step
 * chooses the same in all of them. Where a runner is, the variants belong to the client, which knows the lab.
 */
export function makeTabs(live: boolean): void {
  addStyles('tabs', styles);
  const groups = live ? ['.step-recorded'] : ['.step-recorded', '.step-command', '.step-expected'];
  const all: Tabs[] = [];
  for (const parent of document.querySelectorAll<HTMLElement>(groups.map((group) => `.tejun-step > ${group}`).join())) {
    const panels = [...parent.children].filter((child) => child.matches('.recorded, .variant')) as HTMLElement[];
    if (panels.length > 1) all.push(tabsOf(parent, panels, (names) => follow(all, names)));
  }
  const lab = document.querySelector<HTMLElement>('.tejun-page')?.dataset.lab;
  if (lab) follow(all, [lab]);
}

/** Chooses, wherever there is a choice, the first that has one of the names. */
function follow(all: readonly Tabs[], names: readonly string[]): void {
  for (const { choices, choose } of all) {
    const choice = choices.find((one) => one.names.some((name) => names.includes(name)));
    if (choice) choose(choice);
  }
}

function tabsOf(parent: HTMLElement, panels: readonly HTMLElement[], chosen: (names: readonly string[]) => void): Tabs {
  const list = document.createElement('div');
  list.className = 'lab-tabs';
  list.setAttribute('role', 'tablist');
  const choices = panels.map((panel): Choice => {
    const { lab, labs = '', when, label } = panel.dataset;
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.textContent = panel.querySelector(':scope > .label')?.textContent ?? '';
    tab.setAttribute('role', 'tab');
    panel.setAttribute('role', 'tabpanel');
    panel.id ||= `panel-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    tab.setAttribute('aria-controls', panel.id);
    panel.setAttribute('aria-label', tab.textContent);
    return {
      panel,
      tab,
      names: [lab, when, label, ...labs.split(' ')].filter((name) => name !== undefined && name !== '') as string[],
    };
  });
  const choose = (wanted: Choice): void => {
    for (const { panel, tab } of choices) {
      const is = tab === wanted.tab;
      tab.setAttribute('aria-selected', String(is));
      tab.tabIndex = is ? 0 : -1;
      panel.hidden = !is;
    }
  };
  const pick = (choice: Choice): void => {
    chosen(choice.names);
    choose(choice);
  };
  for (const choice of choices) choice.tab.addEventListener('click', () => pick(choice));
  list.addEventListener('keydown', (event) => {
    const now = choices.findIndex(({ tab }) => tab === event.target);
    const last = choices.length - 1;
    const steps: Record<string, number> = {
      ArrowLeft: now === 0 ? last : now - 1,
      ArrowRight: now === last ? 0 : now + 1,
      Home: 0,
      End: last,
    };
    const next = choices[steps[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    next.tab.focus();
    pick(next);
  });
  list.append(...choices.map(({ tab }) => tab));
  parent.querySelector(':scope > :is(.recorded, .variant)')?.before(list);
  parent.classList.add('tabbed');
  if (choices[0]) choose(choices[0]);
  return { choices, choose };
}
