import type { Expectation } from '../expectation/model.ts';

/** What a host is, by name: `os`, `shell`, `pg` (major), `pgpool`, `lang`, `arch`, … Versions are dotted numbers. */
export type Facts = Readonly<Record<string, string>>;

/** One comparison with a fact, as in `pg>=12`; `values` holds the alternatives of `os=linux|windows`. */
export type Clause = {
  readonly fact: string;
  readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>=';
  readonly values: readonly string[];
};

/** Something that applies when all clauses hold; without clauses it always applies. */
export type Variant<T> = {
  readonly when: readonly Clause[];
  /** The `when=` text as written, for messages; empty without clauses. */
  readonly whenText: string;
  readonly value: T;
  /** The document that the page shows and in which the fence stands; undefined: the page itself. */
  readonly file: string | undefined;
  /** 1-based position of the fence in the document. */
  readonly line: number;
};

/** Languages a step's fence may have. `sql` runs over a connection to the host's database server, the others in its shell. */
export type Language = 'sh' | 'bash' | 'bat' | 'powershell' | 'sql';

/** A command as written. `{{name}}` in it stands for captured values and declared variables. */
export type Command = { readonly language: Language; readonly text: string };

/** Which exit codes a step may end with. */
export type ExitRule = { readonly kind: 'codes'; readonly codes: readonly number[] } | { readonly kind: 'any' };

/** A hint that speaks when one of the expected lines (by original text, trimmed) is missing; without `missing`, on any failure. */
export type Hint = { readonly missing: string | undefined; readonly text: string };

/** Where a fence's body lies in its document, so that `accept` can replace it. Offsets are UTF-16, lines 1-based. */
export type FenceBody = {
  /** The document that the page shows; undefined: the page itself. */
  readonly file: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly indent: string;
};

/** An expectation as written in the document. */
export type ExpectFence = { readonly expectation: Expectation; readonly body: FenceBody };

/** Hosts that a step is for: those whose facts make all clauses hold; a fact that nobody knows makes none hold. */
export type Only = { readonly clauses: readonly Clause[]; readonly text: string };

/** What the report measured with a step in 2018, and the 1-based line of its fence; `file` as with variants. */
export type Reported = { readonly text: string; readonly file: string | undefined; readonly line: number };

/** One command with its expectations, on one host. */
export type Step = {
  readonly id: string;
  /** The document that the page shows and in which the first fence stands; undefined: the page itself. */
  readonly file: string | undefined;
  /** 1-based position of the first fence. */
  readonly line: number;
  /** Undefined: the lab's first host. */
  readonly host: string | undefined;
  /** Database of a step in SQL; undefined: the one that the lab file names for the host. */
  readonly database: string | undefined;
  /** Heading under which the step stands. */
  readonly section: string;
  readonly commands: readonly Variant<Command>[];
  readonly expectations: readonly Variant<ExpectFence>[];
  /** Undefined: for all hosts. Elsewhere the step is passed over. */
  readonly only: Only | undefined;
  readonly exit: ExitRule;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Milliseconds within which repeated attempts must pass; undefined: one attempt. */
  readonly until: number | undefined;
  /** What is at stake; asks before it runs. */
  readonly danger: string | undefined;
  readonly background: boolean;
  /** Runs even after a failure. */
  readonly cleanup: boolean;
  /** The report's finding that the step checks. */
  readonly finding: string | undefined;
  /** The report's finding that is otherwise today, as the step shows. */
  readonly changed: string | undefined;
  /** After it has ended, who is what among the lab's database servers is looked at and shown. */
  readonly topology: boolean;
  readonly hints: readonly Hint[];
  readonly reported: Reported | undefined;
  /** Command and expectation fences as written, the text whose hash tells whether a recording is stale. */
  readonly source: string;
};

/** A place in a page, 1-based; the column in UTF-16 units. */
export type Place = { readonly line: number; readonly column: number };

/** Where a page's front matter names what it needs of the outside. */
export type NamedPlaces = {
  /** As many as there are labs. */
  readonly labs: readonly Place[];
  readonly checkpoint: Place | undefined;
  readonly host: Place | undefined;
};

/** One MDX document, executable top to bottom. */
export type Runbook = {
  /** Path below `content/docs` without extension, or the file's path without extension elsewhere. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  /** `sidebar.order` of the front matter: where the page comes among its neighbours. */
  readonly order: number | undefined;
  /** Labs that the page is written for, from the front matter; without `--lab` it runs on the first. Empty: on any. */
  readonly labs: readonly string[];
  /** From the front matter; all optional there. */
  readonly checkpoint: string | undefined;
  /** Host of steps that name none; undefined: the lab's first. */
  readonly host: string | undefined;
  readonly places: NamedPlaces;
  /** Declared variables with defaults; `--var` and `TEJUN_VAR_…` override. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of variables and captures whose values are never written anywhere. */
  readonly secrets: readonly string[];
  readonly steps: readonly Step[];
};

/** Path of the file in which a step, a fence or a variant of a runbook stands. */
export function fileOf(runbook: Pick<Runbook, 'file'>, { file }: { readonly file: string | undefined }): string {
  return file ?? runbook.file;
}
