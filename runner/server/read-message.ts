import {
  type ClientMessage,
  clientMessageSchema,
  messageLimit,
  protocolVersion,
} from '../../core/protocol/client-message.ts';
import type { ServerMessage } from '../../core/protocol/server-message.ts';

/** What a text frame is. */
export type Reading =
  | { readonly kind: 'message'; readonly message: ClientMessage }
  /** The connection ends with `code`, after the page was told why by `reply`. */
  | { readonly kind: 'refused'; readonly code: number; readonly why: string; readonly reply: ServerMessage };

/** Codes of RFC 6455, section 7.4.1. */
export const closeCode = { goingAway: 1001, unsupportedData: 1003, policy: 1008, tooBig: 1009, fault: 1011 } as const;

/** Reads a page's text frame; nothing that is not exactly a message of the protocol gets through. */
export function readMessage(text: string): Reading {
  if (text.length > messageLimit)
    return refused(
      closeCode.tooBig,
      'message too long',
      undefined,
      `A message has at most ${messageLimit} characters.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(closeCode.policy, 'not JSON', undefined, 'Reload the page.');
  }
  const { success, data } = clientMessageSchema.safeParse(value);
  if (success) return { kind: 'message', message: data };
  if (isOtherVersion(value)) {
    const why = 'the page is of another version of the runner';
    return { kind: 'refused', code: closeCode.policy, why, reply: { kind: 'reload', why } };
  }
  return refused(closeCode.policy, 'not a message of the protocol', requestOf(value), 'Reload the page.');
}

function refused(code: number, what: string, request: number | undefined, hint: string): Reading {
  return { kind: 'refused', code, why: what, reply: { kind: 'refused', request, what, hint } };
}

/** A newer page's `hello` may have fields that we do not know. */
function isOtherVersion(value: unknown): boolean {
  const { kind, version } = fieldsOf(value);
  return kind === 'hello' && Number.isInteger(version) && version !== protocolVersion;
}

function requestOf(value: unknown): number | undefined {
  const { request } = fieldsOf(value);
  return Number.isSafeInteger(request) && Number(request) >= 0 ? Number(request) : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
