const key = (runbook: string): string => `tejun-lab:${runbook}`;

/** The lab that the reader chose for a page in this tab; undefined: the one that the page names. */
export function chosenLab(runbook: string): string | undefined {
  return sessionStorage.getItem(key(runbook)) ?? undefined;
}

export function chooseLab(runbook: string, lab: string): void {
  sessionStorage.setItem(key(runbook), lab);
}
