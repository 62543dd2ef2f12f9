const key = 'tejun-terminals';

/** Which terminals of which lab this tab has open. */
export type RememberedTerminals = { readonly lab: string; readonly hosts: readonly string[] };

/** What this tab had open before it was reloaded. */
export function rememberedTerminals(): RememberedTerminals | undefined {
  try {
    const { lab, hosts } = JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<RememberedTerminals>;
    if (typeof lab !== 'string' || !Array.isArray(hosts)) return undefined;
    return { lab, hosts: hosts.filter((host) => typeof host === 'string') };
  } catch {
    return undefined;
  }
}

export function rememberTerminals(terminals: RememberedTerminals): void {
  sessionStorage.setItem(key, JSON.stringify(terminals));
}
