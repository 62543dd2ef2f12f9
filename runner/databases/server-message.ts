/** What a server says of an error or beside a result, as `pg` gives it. */
export type ServerText = {
  readonly severity?: string | undefined;
  readonly message?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly position?: string | undefined;
  readonly internalPosition?: string | undefined;
  readonly internalQuery?: string | undefined;
  readonly where?: string | undefined;
};

/** A column as the server describes it. */
export type ServerField = { readonly name: string; readonly dataTypeID: number };

/** A session of a database lets others speak to it (NOTIFY). */
export type ServerNotification = { readonly channel: string; readonly payload: string; readonly processId: number };

/** Who is told what the server answers to a query, in order. */
export type AnswerListener = {
  columns(fields: readonly ServerField[]): void;
  row(values: readonly (string | null)[]): void;
  /** A statement has ended; its command tag. */
  complete(tag: string): void;
  error(text: ServerText): void;
  notice(text: ServerText): void;
  notification(notification: ServerNotification): void;
  /** Data of `copy … to stdout` will come. */
  copying(): void;
  /** Of `copy … to stdout`. */
  copied(chunk: Buffer): void;
  /** All that has come so far was told; a promise holds up what comes next. */
  pause(): Promise<void> | undefined;
};
