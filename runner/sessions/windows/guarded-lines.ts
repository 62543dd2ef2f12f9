/** A path that means one file: a drive, and nothing that cmd would expand. */
const path = String.raw`("[A-Za-z]:\\[^"%*?<>|]*"|[A-Za-z]:\\[^\s"%*?<>|&()^]*)`;
const removal = new RegExp(String.raw`^\s*@?(?:rd|rmdir|del|erase)((?:\s+/[sqf])*)\s+${path}((?:\s+/[sqf])*)\s*$`, 'i');
const moving = new RegExp(String.raw`^\s*@?move(?:\s+/y)?\s+${path}\s+${path}\s*$`, 'i');
const renaming = new RegExp(String.raw`^\s*@?(?:ren|rename)\s+${path}\s+("[^"\\%*?]+"|[^\s"\\%*?<>|&()^]+)\s*$`, 'i');
const linking = new RegExp(String.raw`^\s*@?mklink\s+/j\s+${path}\s+${path}\s*$`, 'i');
const writing = new RegExp(String.raw`^[^>|&]*(?:[^>\s\d|&]\s*|\d\s+|\s2)>\s*${path}\s*(?:2>&1\s*)?$`, 'i');
const appending = new RegExp(String.raw`^[^>|&]*(?:[^>\s\d|&]\s*|\d\s+)>>\s*${path}\s*$`, 'i');

/**
 * A line together with lines that look whether it did what it says: some builtins and redirections of Wine's cmd fail
 * without telling. Just the line where there is nothing to look at.
 */
export function guarded(line: string, wine = true): readonly string[] {
  const [, , removed] = removal.exec(line) ?? [];
  if (removed !== undefined) return [line, failIf(`exist ${removed}`)];
  const [, drive] = /^\s*@?([a-z]:)\s*$/i.exec(line) ?? [];
  if (drive !== undefined) return [failIf(`not exist ${wine ? `${drive}\\nul` : `${drive}\\`}`), line];
  const [, moved] = moving.exec(line) ?? renaming.exec(line) ?? [];
  if (moved !== undefined) return [failIf(`not exist ${moved}`), line, failIf(`exist ${moved}`)];
  const [, link] = linking.exec(line) ?? [];
  if (link !== undefined) return [failIf(`exist ${link}`), line, failIf(`not exist ${within(link, wine)}`)];
  const [, written] = writing.exec(line) ?? [];
  if (written !== undefined) {
    // Whether what was there before was overwritten nobody could see.
    return [
      failIf(`exist ${within(written, wine)}`),
      `if exist ${written} del ${written}`,
      failIf(`exist ${written}`),
      line,
      failIf(`not exist ${written}`),
    ];
  }
  const [, appended] = appending.exec(line) ?? [];
  // That the file has grown cmd.pl looks at.
  if (appended !== undefined) return [failIf(`exist ${within(appended, wine)}`), line];
  return [line];
}

function failIf(condition: string): string {
  return `if ${condition} C:\\windows\\system32\\cmd.exe /c exit 1`;
}

/** What only a folder has: Wine does not understand a backslash at the end, and newer Windows has no `nul` in folders. */
function within(folder: string, wine: boolean): string {
  const end = wine ? '\\nul' : '\\';
  return folder.endsWith('"') ? `${folder.slice(0, -1)}${end}"` : `${folder}${end}`;
}
