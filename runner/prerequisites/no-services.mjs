import { rmSync, writeFileSync } from 'node:fs';
import { runProgram } from './run-program.mjs';

/** What Debian's packages ask before they start a service (invoke-rc.d(8)). */
const policy = '/usr/sbin/policy-rc.d';

/** Packages that bring a service which starts when it is installed and at every boot, by the service's name. */
const services = ['pgpool2'];

/**
 * Installs packages (`install`) and leaves their services at rest, now and at the next boot: a lab runs its own. What
 * was installed before is not touched.
 * @param {readonly string[]} names
 * @param {() => Promise<void>} install
 */
export async function withoutServices(names, install) {
  const resting = services.filter((name) => names.includes(name));
  if (resting.length === 0) return install();
  const ours = forbidStarts();
  try {
    await install();
    for (const name of resting) await runProgram('update-rc.d', [name, 'disable']);
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

/** False when the system has a policy of its own, which then stands. */
function forbidStarts() {
  // If we are killed, it stays but forbids nothing any more.
  const script = `#!/bin/sh\n# Written by tejun while it installed packages; of no effect afterwards, and may be removed.\n[ -d /proc/${process.pid} ] && exit 101\nexit 0\n`;
  try {
    writeFileSync(policy, script, { mode: 0o755, flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
