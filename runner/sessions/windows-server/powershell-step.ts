/**
 * The script that runs a step in PowerShell and writes what it leaves: how it ended, directory, environment, with NUL
 * between them. It stops at the first error, and at the first program that ends with another code than 0.
 */
export function powerShellStep(command: string, left: string): string {
  return template
    .replace('@left@', () => left.replaceAll("'", "''"))
    .replace('@step@', () => Buffer.from(command).toString('base64'));
}

/**
 * Every statement that runs commands is followed by a look at $LASTEXITCODE, wherever it stands, for before version 7.4
 * PowerShell itself goes on when a program fails. Of a pipeline of several programs only the last one's code is kept:
 * such a step does not begin.
 */
const template = `$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = New-Object Text.UTF8Encoding $false
$OutputEncoding = New-Object Text.UTF8Encoding $false
$global:LASTEXITCODE = 0
function global:Assert-TejunProgram {
  if ($global:LASTEXITCODE -ne 0) { throw (New-Object OperationCanceledException 'tejun-program') }
}
function global:Get-TejunScript([string] $text) {
  $tokens = $null
  $mistakes = $null
  $tree = [Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $mistakes)
  if ($mistakes) { throw ($mistakes | ForEach-Object { "line $($_.Extent.StartLineNumber): $($_.Message)" } | Out-String) }
  foreach ($pipeline in $tree.FindAll({ $args[0] -is [Management.Automation.Language.PipelineAst] }, $true)) {
    $programs = @($pipeline.PipelineElements | Where-Object { $_ -is [Management.Automation.Language.CommandAst] } |
      Where-Object { $_.GetCommandName() } |
      ForEach-Object { Get-Command ([Management.Automation.WildcardPattern]::Escape($_.GetCommandName())) -ErrorAction SilentlyContinue } |
      Where-Object { $_.CommandType -eq 'Application' })
    if ($programs.Count -gt 1) { throw "a pipeline of several programs, of which only the last one's exit code is told: $pipeline" }
  }
  $ends = @($tree.FindAll({
    $args[0].GetType().Name -in 'PipelineAst', 'PipelineChainAst', 'AssignmentStatementAst' -and
    $args[0].Parent.GetType().Name -in 'NamedBlockAst', 'StatementBlockAst'
  }, $true) | ForEach-Object { $_.Extent.EndOffset } | Sort-Object -Descending -Unique)
  foreach ($end in $ends) { $text = $text.Insert($end, '; Assert-TejunProgram') }
  [scriptblock]::Create($text)
}
$how = 'ok 0'
try {
  . (Get-TejunScript ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('@step@'))))
  Assert-TejunProgram
} catch {
  $how = 'failed 1'
  if ($_.Exception.Message -eq 'tejun-program') { $how = "failed $global:LASTEXITCODE" }
  else { [Console]::Out.WriteLine(($_ | Out-String -Width 4096).Trim()) }
}
$parts = @($how, (Get-Location -PSProvider FileSystem).ProviderPath)
foreach ($one in [Environment]::GetEnvironmentVariables().GetEnumerator()) { $parts += "$($one.Key)=$($one.Value)" }
$parts += 'end'
[IO.File]::WriteAllText('@left@', ($parts -join [char] 0), (New-Object Text.UTF8Encoding $false))
exit 0
`;
