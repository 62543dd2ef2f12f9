import type { Verdict } from '../run/model.ts';

/** A system that a finding has to be shown on. */
export type System = 'linux' | 'windows';

/** A claim of the report, as `content/findings.yaml` has it. Its status is never written down, but computed. */
export type Finding = {
  /** `F7`. */
  readonly id: string;
  /** Section of the report. */
  readonly section: string;
  readonly claim: Localised;
  /** Systems on all of which steps have to show it; empty: any one will do. */
  readonly needs: readonly System[];
  /** Why no step checks it; undefined when steps should. */
  readonly unchecked: Localised | undefined;
};

/** A text in the languages of the book. */
export type Localised = { readonly en: string; readonly ja: string };

/** A step that is tied to a finding, on one lab on which its page was recorded. */
export type Evidence = {
  /** `shows`: what the report says; `changed`: how it is otherwise today. */
  readonly kind: 'shows' | 'changed';
  readonly runbook: string;
  readonly step: string;
  readonly lab: string;
  /** Fact `servers` of the host on which it ran, or else `os`. */
  readonly system: string;
  /** `stale`: the step was edited since; `missing`: the recording is older than the step; `elsewhere`: it is not for that lab. */
  readonly result: Verdict | 'stale' | 'missing' | 'elsewhere';
};

/**
 * How a finding stands. `partly`: on some of the systems that it needs; `changed`: shown, and shown to be otherwise today;
 * `not-confirmed`: a step that checks it did not pass, or was edited since it did; `reported`: nobody has run anything.
 */
export type FindingStatus = 'reproduced' | 'changed' | 'partly' | 'not-confirmed' | 'reported';
