/** Where a secret is. Secrets themselves are never in a lab's file. */
export type SecretSource =
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string };

/** How to log in on a server, as declared; what is left out comes from OpenSSH's configuration or its defaults. */
export type SshSettings = {
  /** Host name, IP address, or an alias of OpenSSH's configuration. */
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  /** Private key files; each must be usable. */
  readonly keys?: readonly string[];
  /** Without `keys`: private key files of which those are tried that are usable. Undefined: OpenSSH's usual ones. */
  readonly optionalKeys?: readonly string[];
  /** Where the keys' passphrase is. */
  readonly passphrase?: SecretSource;
  readonly password?: SecretSource;
  /** Ask the agent: at this socket, or at SSH_AUTH_SOCK (true). Undefined: there, unless keys are declared. */
  readonly agent?: boolean | string;
  /** Files of known host keys, instead of OpenSSH's usual ones. */
  readonly knownHosts?: readonly string[];
  /** The name under which the host key is known, instead of the address. */
  readonly hostKeyAlias?: string;
  /** Servers to go through, in this order. */
  readonly jumps?: readonly SshSettings[];
  /** A command whose standard input and output lead to the server. */
  readonly proxyCommand?: string;
  /** How long it may take to answer and let us in, in milliseconds. */
  readonly connectTimeout?: number;
  /** How long a login may take to come to our shell, in milliseconds. */
  readonly loginTimeout?: number;
  /** Take what is left out from OpenSSH's own configuration: the usual one, or this file. */
  readonly sshConfig?: boolean | string;
};

/** What a login on a Windows server is, as far as it is declared. */
export type WindowsLogin = {
  /** What the server's sshd runs commands with; undefined: what it is found to be. */
  readonly shell?: 'cmd' | 'powershell' | undefined;
  /** Number of the code page that console programs are to use; undefined: the one that they have. */
  readonly codePage?: number | undefined;
};

/** How to get a shell on a host over SSH. */
export type SshAccess = {
  readonly kind: 'ssh';
  readonly host: string;
  readonly server: SshSettings;
  /** What the host is when it is no Unix. */
  readonly windows?: WindowsLogin;
  /** Directory on the host in which the login begins; undefined: its home. */
  readonly startIn?: string;
  /** Variables that the login gets besides its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names the host among those of all labs; nothing is written there. */
  readonly directory: string;
};
