/** The value of a name that a page chose; `constructor` has none unless somebody gave it one. */
export function valueNamed<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Gives a name its value, also when the name is `__proto__`. */
export function setValue<T>(values: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(values, name, { value, enumerable: true, writable: true, configurable: true });
}

/** Gives all these names their values. */
export function setValues<T>(values: Record<string, T>, more: Readonly<Record<string, T>>): void {
  for (const [name, value] of Object.entries(more)) setValue(values, name, value);
}
