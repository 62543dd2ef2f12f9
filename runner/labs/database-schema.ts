import { z } from 'zod';
import { secretSchema, writtenSecretSchema } from './secret-schema.ts';

/** The server on a host to which `sql` steps and the topology picture connect. */
export const databaseSchema = z.strictObject({
  kind: z.enum(['postgresql', 'pgpool'], { error: 'the kinds are postgresql and pgpool' }).default('postgresql'),
  port: z.int().min(1).max(65_535).optional(),
  /** Directory of its Unix socket on the host. */
  socket: z
    .string()
    .regex(/^\/\S*$/, 'the directory of a Unix socket is an absolute path')
    .optional(),
  user: z.string().min(1),
  /** Database of steps that name none. */
  name: z.string().min(1),
  password_from: secretSchema.optional(),
  password: writtenSecretSchema,
});

export type DatabaseFile = z.infer<typeof databaseSchema>;

/** The keys of a `database`. */
export const databaseKeys = Object.keys(databaseSchema.shape).filter((key) => key !== 'password');

/** What to do about a mistake in a `database`. */
export function hintForDatabase(key: string): string {
  if (key === 'password_from' || key === 'password') return 'for example `password_from: file:~/.config/lab-password`';
  if (key === 'socket') return 'for example `socket: /run/postgresql`';
  return 'for example `database: {user: postgres, name: postgres}`';
}
