import type { SshConnection } from '../ssh/ssh-connection.ts';
import { askPowerShell } from './powershell.ts';

/**
 * Ends a step with all that it has started and that still hangs together. Its first process is known by its batch file,
 * whose path nobody else has. Whether one was found.
 */
export async function endStep(connection: SshConnection, batch: string): Promise<boolean> {
  const { output } = await askPowerShell(connection, endScript(batch));
  return /ended [1-9]/.test(output);
}

/** The script that does it. */
export function endScript(batch: string): string {
  const pattern = `*${batch.split('\\').slice(-2).join('\\')}*`;
  return [
    '$ErrorActionPreference = "SilentlyContinue"',
    `$found = @(Get-CimInstance Win32_Process | Where-Object { $_.CommandLine -like '${pattern}' -and $_.ProcessId -ne $PID })`,
    'foreach ($one in $found) { taskkill.exe /T /F /PID $one.ProcessId | Out-Null }',
    '[Console]::Out.Write("ended $($found.Count)")',
  ].join('; ');
}
