import type { Expectation, RowOrder } from './model.ts';

/** How the body of an `expect` fence is to be read, and where it stands. */
export type ParseOptions = {
  readonly form: Expectation['kind'];
  readonly order: RowOrder;
  readonly file: string;
  /** 1-based document line of the body's first line. */
  readonly firstLine: number;
  /** Columns by which the body is indented in its document. */
  readonly indent?: number;
  /** Names of all captures and variables, if known: a `{{name}}` that is none of them is then a problem here. */
  readonly known?: ReadonlySet<string>;
};
