/** At what a connection failed. */
export type SshFault = 'configuration' | 'reach' | 'host-key' | 'login' | 'shell';

/** A server could not be used; the message says what happened, where, and what to do. */
export class SshError extends Error {
  override readonly name = 'SshError';
  readonly fault: SshFault;

  constructor(fault: SshFault, what: string, hint: string) {
    super(`${what}\n    hint: ${hint}`);
    this.fault = fault;
  }
}
