import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { missingPackages } from '../prerequisites/system-programs.mjs';
import type { Diagnosis } from './lab.ts';
import { type Login, unshareCommand } from './login.ts';

/** What a host's network is made with, tried where nobody sees it. */
const trial = [
  'ip link add name switch type bridge',
  'ip link set switch up',
  'ip link add eth0 type veth peer name host0',
  'ip link set host0 master switch up',
  'ip address add 192.0.2.1/24 dev eth0',
  'mount -t proc proc /proc',
  'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start',
  // As the hosts are made: network namespaces that belong to whom the switch belongs to.
  'unshare --net true',
].join(' && ');

/** Can this machine give a lab's hosts a network of their own? */
export async function diagnoseNetwork(kind: Login['kind']): Promise<Diagnosis> {
  const [program = '', ...args] = unshareCommand(kind, { network: 'own' });
  const what = 'a network of the hosts’ own';
  try {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
    await promisify(execFile)(program, [...args, '/bin/sh', '-c', trial], { cwd: '/', timeout: 10_000, env });
    return { ok: true, what, hint: '' };
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    return { ok: false, what: `${what}: ${why}`, hint: hintFor(why) };
  }
}

/** Are the Debian packages there that a lab declares? */
export function diagnosePackages(lab: string, names: readonly string[]): Diagnosis {
  const missing = missingPackages(names);
  const what =
    missing.length === 0 ? `Debian packages ${names.join(', ')}` : `Debian packages: ${missing.join(', ')} missing`;
  const hint = `as root, \`npx tejun lab up ${lab}\` installs them, and starts none of their services`;
  return { ok: missing.length === 0, what, hint };
}

function hintFor(why: string): string {
  if (!['/usr/bin/ip', '/bin/ip', '/usr/sbin/ip', '/sbin/ip'].some((path) => existsSync(path)))
    return 'apt-get install --no-install-recommends iproute2';
  if (/Unknown device type|not supported/i.test(why)) return 'as root: modprobe bridge; modprobe veth';
  return 'in a container: start it with --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined, or privileged';
}
