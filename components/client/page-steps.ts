import { labOf, type PageState } from './page-state.ts';
import type { StepContext } from './steps/step-context.ts';
import type { StepPanel } from './steps/step-panel.ts';

/** The steps as messages name them, from `first` on; without it all. */
export function namedSteps(
  panels: readonly StepPanel[],
  first?: string,
): readonly { readonly id: string; readonly hash: string }[] {
  const from = first === undefined ? 0 : panels.findIndex((panel) => panel.id === first);
  return panels.slice(Math.max(0, from)).map(({ id, hash }) => ({ id, hash }));
}

/** The state of the page that every step shows; `before` itself while it is the same, so that no step has to look. */
export function contextOf(
  state: PageState,
  { canRun, canStop, asOf }: Pick<StepContext, 'canRun' | 'canStop' | 'asOf'>,
  before: StepContext | undefined,
): StepContext {
  const capturedBy = new Map<string, string>();
  for (const view of state.steps.values()) {
    for (const name of Object.keys(view.outcome?.captures ?? {})) capturedBy.set(name, view.step);
  }
  const hosts = labOf(state)?.hosts ?? [];
  const context: StepContext = {
    canRun,
    canStop,
    asOf,
    captures: state.run?.captures ?? {},
    capturedBy,
    lab: labOf(state)?.lab,
    facts: new Map(hosts.filter((host) => Object.keys(host.facts).length > 0).map((host) => [host.host, host.facts])),
    databases: new Map(hosts.flatMap(({ host, database }) => (database === undefined ? [] : [[host, database]]))),
    firstHost: hosts[0]?.host,
  };
  return before !== undefined && textOf(before) === textOf(context) ? before : context;
}

function textOf({ capturedBy, facts, databases, ...plain }: StepContext): string {
  return JSON.stringify([plain, [...capturedBy], [...facts], [...databases]]);
}
