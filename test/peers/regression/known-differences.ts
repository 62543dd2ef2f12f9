type Difference = { readonly test: string; readonly statement: RegExp; readonly reason: string };

const order = 'notices stand where the server sent them; psql reads the next result before it prints one';
const control = 'psql sends control characters in a message to the terminal; a step shows them as a table does';
const bytes = 'the server sends bytes that are not UTF-8, which a step shows as U+FFFD';
const clock = 'it says when this server did something, or how much';

/** Statements whose output differs from psql's: in which test, which ones, and why. */
const known: readonly Difference[] = [
  { test: 'name', statement: /^SELECT parse_ident\(E'X\\rX+'\)/, reason: control },
  { test: 'name', statement: /^SELECT parse_ident\(E'"c"\.X XXXX\\002X+'\)/, reason: control },
  { test: 'encoding', statement: /^SELECT good, truncated, with_nul FROM/, reason: bytes },
  { test: 'encoding', statement: /^SELECT regexp_replace\(truncated, /, reason: bytes },
  { test: 'encoding', statement: /^SELECT (substring|reverse)\(truncated_with_nul\b/, reason: bytes },
  { test: 'transactions', statement: /^insert into i_table values\(7\); commit; .*select 1\/0/, reason: order },
  { test: 'transactions', statement: /^insert into i_table values\(9\); rollback; select 2/, reason: order },
  { test: 'transactions', statement: /^SELECT 1; COMMIT; (VACUUM|SAVEPOINT sp);/, reason: order },
  { test: 'transactions', statement: /^INSERT INTO trans_abc VALUES \((7|9)\); (COMMIT|ROLLBACK); /, reason: order },
  { test: 'psql', statement: /^SELECT [13] AS (one|three) ; SELECT warn\(/, reason: order },
  { test: 'stats', statement: /^SELECT stats_reset AS \w+\s+FROM pg_stat_/, reason: clock },
  { test: 'stats', statement: /^SELECT wal_bytes AS wal_bytes_before FROM pg_stat_wal/, reason: clock },
];

/** Why a statement of a test is known to differ; undefined when it is not. */
export function reasonFor(test: string, statement: string): string | undefined {
  return known.find((each) => each.test === test && each.statement.test(statement))?.reason;
}
