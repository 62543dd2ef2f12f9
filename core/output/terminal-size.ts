/** A terminal's size in characters. */
export type TerminalSize = { readonly columns: number; readonly rows: number };

/** The size of the terminal that steps write to. */
export const stepTerminal: TerminalSize = { columns: 120, rows: 30 };
