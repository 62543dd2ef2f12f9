import type { LabView, RunView, ServerMessage, StepView } from '../../core/protocol/server-message.ts';

/** What the runner has told this page about its lab, its run and its steps. */
export type PageState = {
  readonly runbook: string;
  /** In the order in which the runner named them. */
  readonly labs: readonly LabView[];
  /** Name of the lab that the page works on; undefined before the runner has said so. */
  readonly lab: string | undefined;
  readonly run: RunView | undefined;
  readonly steps: ReadonlyMap<string, StepView>;
};

/** A state that is kept up to date. Its steps are one map for all of its states: copied at each message, a run would cost the square of its steps. */
export type KeptState = PageState & { readonly steps: Map<string, StepView> };

/** A page that has heard nothing yet. */
export function silentPage(runbook: string): KeptState {
  return { runbook, labs: [], lab: undefined, run: undefined, steps: new Map() };
}

/** The state after a message; the same object when the message says nothing about it. Of steps the state before has the news too. */
export function afterMessage(state: KeptState, message: ServerMessage): KeptState {
  switch (message.kind) {
    case 'welcome':
      // What was known of another lab's steps says nothing about this one's.
      return message.lab === state.lab
        ? { ...state, labs: message.labs }
        : { ...silentPage(state.runbook), labs: message.labs, lab: message.lab };
    case 'lab': {
      const known = state.labs.some((lab) => lab.lab === message.view.lab);
      const labs = known
        ? state.labs.map((lab) => (lab.lab === message.view.lab ? message.view : lab))
        : [...state.labs, message.view];
      return { ...state, labs };
    }
    case 'run':
      return concerns(state, message.view) ? { ...state, run: message.view } : state;
    case 'step':
      if (!concerns(state, message)) return state;
      state.steps.set(message.view.step, message.view);
      return { ...state };
    default:
      return state;
  }
}

/** The lab that the page works on. */
export function labOf(state: PageState): LabView | undefined {
  return state.labs.find((lab) => lab.lab === state.lab);
}

function concerns(state: PageState, { runbook, lab }: { readonly runbook: string; readonly lab: string }): boolean {
  return runbook === state.runbook && lab === state.lab;
}
