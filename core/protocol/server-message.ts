import type { Diff } from '../expectation/model.ts';
import type { Outcome, Verdict } from '../run/model.ts';
import type { Facts } from '../runbook/model.ts';
import type { Topology } from '../topology/model.ts';

/** A host as the lab bar shows it. */
export type HostView = {
  readonly host: string;
  readonly state: 'down' | 'up' | 'ready' | 'broken';
  readonly detail: string;
  /** Empty while the host is down. */
  readonly facts: Facts;
  /** Database of steps in SQL that name none; undefined while the host is down, and where there is none. */
  readonly database?: string | undefined;
};

/** A lab as the lab bar shows it. */
export type LabView = {
  readonly lab: string;
  readonly title: string;
  readonly hosts: readonly HostView[];
  /** Names to which `reset` can return. */
  readonly checkpoints: readonly string[];
  /** Made to be thrown away. */
  readonly disposable: boolean;
  /** Whether readers may type into its terminals. */
  readonly typing: boolean;
  /** What the lab is doing: coming up, going down, being reset; undefined when nothing. */
  readonly busy: string | undefined;
  /** Whether it has several database servers, of which a page can show who is what. */
  readonly topology: boolean;
  /** Names this life of the lab; undefined while down. */
  readonly instance: string | undefined;
  /** What can be chosen before it comes up, such as its PostgreSQL: facts with their values. */
  readonly offered: Readonly<Record<string, readonly string[]>>;
  /** What it came up with, or, while it is down, will come up with. */
  readonly chosen: Facts;
};

/**
 * A step as it is now, whole: a newer one replaces an older one, so that nothing depends on having seen every message.
 * Long diffs and outputs are cut to what a page can show.
 */
export type StepView = {
  readonly step: string;
  /** Of the step's source that ran or is queued, `abbreviated`. */
  readonly hash: string;
  readonly status: 'idle' | 'queued' | 'running' | 'done';
  readonly host: string;
  /** As it was run, values filled in and secrets hidden; undefined before it ran. */
  readonly command: string | undefined;
  /** 0 before the first. */
  readonly attempt: number;
  /** Milliseconds that it has been running, or had when it ended. */
  readonly elapsedMs: number;
  /** The diff so far; the outcome's when done. Undefined without an expectation. */
  readonly diff: Diff | undefined;
  /** End of the rendered output so far, for a step without an expectation. */
  readonly output: string;
  /** Without its `diff` and with its output cut as above. */
  readonly outcome: Outcome | undefined;
  /** Where in the host's terminal it ran; undefined when that terminal is gone. */
  readonly place: { readonly terminal: string; readonly from: number; readonly to: number | undefined } | undefined;
};

/** A runbook on a lab as it is now. */
export type RunView = {
  readonly runbook: string;
  readonly lab: string;
  readonly status: 'idle' | 'preparing' | 'running';
  /** What is being prepared: the lab coming up or being reset. */
  readonly detail: string | undefined;
  /** Of the newest run; undefined before the first and while one goes on. */
  readonly verdict: Verdict | undefined;
  /** A killed runner left a run at this step: it can be resumed. */
  readonly interrupted: string | undefined;
  /** Values captured so far on this life of the lab, secrets hidden. */
  readonly captures: Readonly<Record<string, string>>;
};

/** A message from the runner to a page. */
export type ServerMessage =
  /** Answer to `hello`; after it come `lab`, `run` and `step` messages that tell all there is. */
  | {
      readonly kind: 'welcome';
      readonly version: number;
      readonly labs: readonly LabView[];
      readonly lab: string | undefined;
    }
  /** The page is not what the runner reads on disk, or it is another version's: reload. */
  | { readonly kind: 'reload'; readonly why: string }
  | { readonly kind: 'lab'; readonly view: LabView }
  | { readonly kind: 'run'; readonly view: RunView }
  | { readonly kind: 'step'; readonly runbook: string; readonly lab: string; readonly view: StepView }
  /** A step with `danger` waits for the reader's answer. Sent to every page on the runbook; the first answer counts. */
  | {
      readonly kind: 'ask';
      readonly ask: string;
      readonly runbook: string;
      readonly lab: string;
      readonly step: string;
      readonly host: string;
      readonly command: string;
      readonly danger: string;
      /** Whether `rest` is a possible answer. */
      readonly disposable: boolean;
    }
  | { readonly kind: 'answered'; readonly ask: string }
  /** Who is what among a watched lab's database servers, whenever that changed; undefined while none can be asked. */
  | { readonly kind: 'topology'; readonly lab: string; readonly topology: Topology | undefined }
  /** A request could not be done: what is wrong and how to mend it. */
  | { readonly kind: 'refused'; readonly request: number | undefined; readonly what: string; readonly hint: string }
  | { readonly kind: 'done'; readonly request: number }
  /** A watched terminal is there. What follows begins at `offset`; when the page asked for another one, it clears its own. */
  | {
      readonly kind: 'terminal';
      readonly lab: string;
      readonly host: string;
      readonly terminal: string;
      readonly offset: number;
      readonly columns: number;
      readonly rows: number;
    }
  /** Output of a watched terminal; `offset` is where `data` begins, in UTF-16 units. */
  | {
      readonly kind: 'output';
      readonly lab: string;
      readonly host: string;
      readonly terminal: string;
      readonly offset: number;
      readonly data: string;
    }
  | {
      readonly kind: 'terminal-ended';
      readonly lab: string;
      readonly host: string;
      readonly terminal: string;
      readonly why: string;
    };
