import type { Attributes } from './attributes.ts';
import type { Command, Step, Variant } from './model.ts';
import type { Reports } from './positions.ts';

/** Whether a step runs over a connection to a database, not in a shell. */
export function isInSql({ commands }: Pick<Step, 'commands'>): boolean {
  return commands[0]?.value.language === 'sql';
}

/** Reports attributes that do not go with the language of a step's first fence. */
export function checkSql(language: string, attributes: Attributes): void {
  if (language === 'sql') {
    if (attributes.flag('background'))
      attributes.wrong('background', 'a step in SQL cannot be `background`', 'run it through psql in a `sh` step');
  } else if (attributes.has('db'))
    attributes.wrong(
      'db',
      '`db` belongs to a step in SQL',
      'for a shell, name the database in the command: psql -d NAME',
    );
}

/** Reports a step of which some commands are SQL and others for a shell: it runs in one place. */
export function checkOneKind(id: string, commands: readonly Variant<Command>[], reports: Reports): void {
  const [first, ...others] = commands;
  const other = others.find(({ value }) => (value.language === 'sql') !== (first?.value.language === 'sql'));
  if (other)
    reports(other.file)(
      other.line,
      1,
      `step ${id} is partly in SQL and partly for a shell`,
      'write all its variants in SQL, or all for shells, where psql runs SQL',
    );
}
