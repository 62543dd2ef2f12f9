import { z } from 'zod';

/** Version of the messages between page and runner; a page with another one reloads itself once. */
export const protocolVersion = 1;

/** Longest client message in UTF-16 units: 16 Ki control characters take six each in JSON, 2000 steps about 100 each. */
export const messageLimit = 256 * 1024;
/** Longest piece of keys in one message, in UTF-16 units. */
export const keysLimit = 16 * 1024;

const name = z.string().min(1).max(200);
const lab = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
const host = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
/** `abbreviated` of the step that the page shows. */
const hash = z.string().regex(/^[0-9a-f]{16}$/);
const size = z.int().min(2).max(1000);
/** As a list: a message has no keys of its sender's choice. */
const facts = z.array(z.strictObject({ fact: name, value: name })).max(20);
/** What the lab is, or will be when it comes up, as the page shows it; as anything else the lab does nothing of it. */
const chosen = facts.optional();
/** Chosen by the page; answers to a message carry it. */
const request = z.int().min(0);

/**
 * What a page may ask of the runner. It names steps by id and by the hash of the source that it shows; there is no
 * message that carries a command line. Keys go only into a terminal whose lab permits typing.
 */
export const clientMessageSchema = z.discriminatedUnion('kind', [
  /** First message of a connection: which page this is. Without a runbook the page has no steps. */
  z.strictObject({
    kind: z.literal('hello'),
    version: z.int(),
    runbook: name.optional(),
    /** Lab that the reader chose on this page; none: the one that the page names. */
    lab: lab.optional(),
  }),
  /**
   * Runs steps in this order. `all`: on a lab that was reset to the page's checkpoint; `from`, `step`: on the lab as it
   * stands. `steps` are all steps that the reader expects to run.
   */
  z.strictObject({
    kind: z.literal('run'),
    request,
    runbook: name,
    lab,
    mode: z.enum(['step', 'from', 'all']),
    steps: z
      .array(z.strictObject({ id: name, hash }))
      .min(1)
      .max(2000),
    chosen,
  }),
  /** Goes on with the runbook's run that a killed runner left. */
  z.strictObject({ kind: z.literal('resume'), request, runbook: name, lab }),
  /** Ends what runs for a runbook, first by Ctrl-C, then by force. */
  z.strictObject({ kind: z.literal('stop'), request, runbook: name, lab }),
  /** The reader's answer to `ask`. `rest`: neither ask again in this run; only on labs made to be thrown away. */
  z.strictObject({ kind: z.literal('answer'), ask: name, answer: z.enum(['run', 'rest', 'refuse']) }),
  z.strictObject({
    kind: z.literal('lab'),
    request,
    lab,
    action: z.enum(['up', 'down', 'reset']),
    checkpoint: name.optional(),
    chosen,
  }),
  /** What a lab that is down is to be when it comes up the next time, of what it offers. */
  z.strictObject({
    kind: z.literal('choose'),
    request,
    lab,
    facts,
  }),
  /** Watches a host's terminal from `from` on (UTF-16 units since the terminal began); without it from what is kept. */
  z.strictObject({
    kind: z.literal('watch'),
    request,
    lab,
    host,
    /** The terminal that `from` is about; in another one `from` means nothing. */
    terminal: name.optional(),
    from: z.int().min(0).optional(),
    columns: size,
    rows: size,
  }),
  z.strictObject({ kind: z.literal('unwatch'), lab, host }),
  /** What the page has drawn of a terminal: without it the runner sends no more than a window ahead. */
  z.strictObject({ kind: z.literal('drawn'), lab, host, offset: z.int().min(0) }),
  z.strictObject({ kind: z.literal('keys'), lab, host, data: z.string().min(1).max(keysLimit) }),
  /** Whether the page shows, from now on, who is what among a lab's database servers. */
  z.strictObject({ kind: z.literal('topology'), lab, watch: z.boolean() }),
  z.strictObject({ kind: z.literal('resize'), lab, host, columns: size, rows: size }),
]);

/** A message from a page to the runner. */
export type ClientMessage = z.infer<typeof clientMessageSchema>;
