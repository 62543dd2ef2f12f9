import { json } from './json.ts';
import { type FuzzResult, fuzz } from './run.ts';
import { table } from './table.ts';
import { text } from './text.ts';

type Settings = { readonly seed: number; readonly from?: number; readonly count: number };

/** All kinds of random cases by their names. */
export const forms: Readonly<Record<string, (settings: Settings) => Promise<FuzzResult>>> = {
  text: (settings) => fuzz(text, settings),
  json: (settings) => fuzz(json, settings),
  table: (settings) => fuzz(table, settings),
};
