import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../../runner/labs/lab.ts';
import { localAccess } from '../../runner/sessions/access.ts';
import type { SshAccess } from '../../runner/sessions/ssh/ssh-access.ts';
import { SshServer } from './ssh-server.ts';

/** What answers as PowerShell: Wine's program, which does nothing, or a stand-in for the two questions of a session. */
type PowerShell = 'of-wine' | 'stand-in';

/**
 * A real sshd that does with commands what that of Windows does, on the host of a lab `windows` that is up: the nearest
 * thing to a Windows server that can be had here. As there a command's end is the end of all that it has started. Not as
 * there: exit codes have 8 bits, and no PowerShell runs steps.
 */
export class WindowsServer {
  readonly #server: SshServer;
  readonly #directory: string;

  private constructor(server: SshServer, directory: string) {
    this.#server = server;
    this.#directory = directory;
  }

  /** Starts one for a lab's only host, whose drives lie in `drives` on this machine. Only root can. */
  static async start(lab: Lab, drives: string, powerShell: PowerShell = 'stand-in'): Promise<WindowsServer> {
    const { enter, environment } = localAccess(lab.access('postgres1'));
    const [uid, gid] = ['-S', '-G'].map((option) => enter[enter.indexOf(option) + 1]);
    const directory = mkdtempSync(join(tmpdir(), 'tejun-windows-login-'));
    const script = join(directory, 'login');
    const setting = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const parts = { enter: list(enter), setting: list(setting), drives, owner: `${uid}:${gid}` };
    writeFileSync(script, `${sweep}${powerShell === 'stand-in' ? standIn : ''}${login(parts)}`);
    const server = await SshServer.start([`ForceCommand /bin/bash ${script}`, 'Subsystem sftp sftp-server']);
    return new WindowsServer(server, directory);
  }

  /** How to log in there, as on a host of a lab of servers; each call is another host. */
  access(): SshAccess {
    return { ...this.#server.access(), environment: {}, windows: { codePage: 932 } };
  }

  get server(): SshServer {
    return this.#server;
  }

  async close(): Promise<void> {
    await this.#server.close();
    rmSync(this.#directory, { recursive: true });
  }
}

type Login = { readonly enter: string; readonly setting: string; readonly drives: string; readonly owner: string };

/** Tells a product, and ends what a connection has started but for what waits for steps: `taskkill` would do no more. */
const standIn = String.raw`
if [[ $SSH_ORIGINAL_COMMAND =~ ^powershell\.exe\ .*-EncodedCommand\ ([A-Za-z0-9+/=]+)$ ]]; then
  text=$(base64 -d <<<"${'$'}{BASH_REMATCH[1]}" | iconv -f UTF-16LE -t UTF-8)
  if [[ $text =~ \[long\]([0-9]+)\ \*\ ([0-9]+) ]]; then
    echo "product $((BASH_REMATCH[1] * BASH_REMATCH[2])) of 5.1.17763.1 in en"
  elif [[ $text =~ -like\ \'\*(tejun-[0-9a-f]+)\\[0-9]+\.bat\*\' ]]; then
    spared="${'$'}{BASH_REMATCH[1]}\loop.bat"
    sweep "$spared"
    echo "ended 1"
  fi
  exit
fi
`;

function login({ enter, setting, drives, owner }: Login): string {
  return String.raw`
case $SSH_ORIGINAL_COMMAND in
  *sftp-server*)
    # Windows' SFTP calls a file /C:/Users/...
    exec unshare --mount /bin/bash -euc '
      mount -t tmpfs none /mnt
      cd /mnt
      mkdir usr etc dev C: D: E:
      mount --bind /usr usr
      mount --bind /etc etc
      for link in bin lib lib64; do ln -s usr/$link $link; done
      touch dev/null
      mount --bind /dev/null dev/null
      for drive in C D E; do mount --bind "$0/drive_$(tr CDE cde <<<$drive)" $drive:; done
      exec /usr/sbin/chroot --userspec=${owner} /mnt /usr/lib/openssh/sftp-server' ${quoted(drives)}
    ;;
esac
cd /
env -i ${setting} TRIAL_CONNECTION=$PPID ${enter} /bin/bash -c '
  cd "$WINEPREFIX/drive_c/users/Administrator"
  exec /run/windows/wine.sh wine "C:\windows\system32\cmd.exe" /c "$0"' "$SSH_ORIGINAL_COMMAND"
code=$?
case $SSH_ORIGINAL_COMMAND in *loop.bat) sweep nothing ;; esac
exit $code
`;
}

/** Ends what a connection runs on the host, but for what has a word in its command line. */
const sweep = `
sweep() {
  local environ pid again
  for again in {1..50}; do
    local found=
    for environ in $(grep -lzsx "TRIAL_CONNECTION=$PPID" /proc/[0-9]*/environ); do
      pid=${'$'}{environ//[!0-9]/}
      if ! grep -qzsF "$1" "/proc/$pid/cmdline"; then kill -KILL "$pid" 2>/dev/null && found=yes; fi
    done
    if [ -z "$found" ]; then return; fi
    sleep 0.02
  done
}
`;

function list(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
