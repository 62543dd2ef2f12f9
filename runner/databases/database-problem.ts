/** Why a database cannot be used: what is wrong and what to do. */
export class DatabaseProblem extends Error {
  override readonly name = 'DatabaseProblem';
  /** `reach`: nobody answers; `login`: the server refuses us; `configuration`: the lab file or what it names. */
  readonly kind: 'reach' | 'login' | 'configuration';

  constructor(kind: DatabaseProblem['kind'], what: string, hint: string) {
    super(`${what}\n    hint: ${hint}`);
    this.kind = kind;
  }
}
