import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Step } from './model.ts';

/** SHA-256 of a step's source in hex: what tells whether a recording or a half-finished run still fits the page. */
export function hashOf(step: Step): string {
  // The host may come from the front matter, which is not in the source: on another host it is another step.
  return bytesToHex(sha256(utf8ToBytes(`${step.host ?? ''}\n${step.source}`)));
}

/**
 * The beginning of a step's hash, 16 hex digits, by which page and runner name what the page shows. Nobody who could make
 * another step with the same 64 bits needs to: whoever writes the page decides what runs anyway.
 */
export function abbreviated(hash: string): string {
  return hash.slice(0, 16);
}
