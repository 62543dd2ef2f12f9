import type { ClientMessage } from '../../core/protocol/client-message.ts';
import { listFacts } from '../../core/runbook/facts.ts';
import type { Facts } from '../../core/runbook/model.ts';
import { labOf, type PageState } from './page-state.ts';
import { namedSteps } from './page-steps.ts';
import type { Requests } from './requests.ts';
import type { StepPanel } from './steps/step-panel.ts';
import { texts } from './texts.ts';

type Sender = {
  readonly requests: Requests;
  /** The page as it is now. */
  state(): PageState;
  panels(): readonly StepPanel[];
  /** The page's checkpoint, where the lab has it. */
  checkpoint(): string | undefined;
  send(message: ClientMessage): void;
};

/** What a reader can ask of the runner by the page's buttons. */
export type PageRequests = {
  run(step: string, mode: 'step' | 'from'): void;
  runAll(): Promise<void>;
  resume(): void;
  stop(): void;
  choose(facts: Facts): void;
  lab(action: 'up' | 'down' | 'reset', checkpoint?: string): Promise<void>;
};

/** Makes the page's requests. Where something can be lost the reader is asked first. */
export function pageRequests({ requests, state, panels, checkpoint, send }: Sender): PageRequests {
  const there = (): { runbook: string; lab: string } | undefined => {
    const { runbook, lab } = state();
    return lab === undefined ? undefined : { runbook, lab };
  };
  const confirmLoss = async (title: string, answer: string): Promise<boolean> => {
    const { confirmLoss: ask } = await import('./confirm.ts');
    return ask(title, answer);
  };
  const shown = (): { chosen: ReturnType<typeof listFacts> } => ({ chosen: listFacts(labOf(state())?.chosen ?? {}) });
  const canBeLost = (): boolean => labOf(state())?.disposable !== true;
  return {
    run(step, mode) {
      const place = there();
      const from = namedSteps(panels(), step);
      if (place === undefined) return;
      const steps = [...(mode === 'step' ? from.slice(0, 1) : from)];
      send({ kind: 'run', request: requests.number({ step }), ...place, mode, steps, ...shown() });
    },
    async runAll() {
      const place = there();
      const back = checkpoint();
      if (place === undefined) return;
      if (back !== undefined && canBeLost()) {
        if (!(await confirmLoss(texts.runAllTitle(place.lab, back), texts.runAllConfirm))) return;
      }
      send({
        kind: 'run',
        request: requests.number(),
        ...place,
        mode: 'all',
        steps: [...namedSteps(panels())],
        ...shown(),
      });
    },
    resume() {
      const place = there();
      if (place !== undefined) send({ kind: 'resume', request: requests.number(), ...place });
    },
    stop() {
      const place = there();
      if (place !== undefined) send({ kind: 'stop', request: requests.number(), ...place });
    },
    choose(facts) {
      const place = there();
      if (place === undefined) return;
      send({ kind: 'choose', request: requests.number(), lab: place.lab, facts: listFacts(facts) });
    },
    async lab(action, to) {
      const place = there();
      if (place === undefined) return;
      const { lab } = place;
      if (action !== 'up' && canBeLost()) {
        const title = action === 'down' ? texts.downTitle(lab) : texts.resetTitle(lab, to ?? '');
        if (!(await confirmLoss(title, action === 'down' ? texts.downConfirm : texts.resetConfirm))) return;
      }
      const request = requests.number();
      send({ kind: 'lab', request, lab, action, ...shown(), ...(to === undefined ? {} : { checkpoint: to }) });
    },
  };
}
