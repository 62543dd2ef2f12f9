import { z } from 'zod';

/** Where a secret is, in a lab's file. */
export const secretSchema = z
  .string()
  .regex(/^(env:[A-Za-z_]\w*|file:.+)$/, 'a secret is named, not written: env:VARIABLE or file:PATH');

/** A key that must not be there, since a secret would stand behind it. */
export const writtenSecretSchema = z
  .undefined({
    error: 'secrets are not written into this file; `passphrase_from` and `password_from` say where they are',
  })
  .optional();
