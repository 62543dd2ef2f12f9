const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration such as `500ms`, `60s`, `1.5m`, `1h`; undefined when it is none, zero, or over 24 days. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const value = Number(match?.[1]) * (units[match?.[2] ?? ''] ?? Number.NaN);
  // A timer that is set for longer fires at once.
  return value > 0 && value < 2 ** 31 ? value : undefined;
}
