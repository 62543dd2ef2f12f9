import { english, type TopologyWords } from '../../core/topology/words.ts';

const isJapanese = document.documentElement.lang.startsWith('ja');

/** The words in the language of the page; Japanese ones are loaded only where they are read. */
export const words: TopologyWords = isJapanese ? (await import('../../core/topology/words-ja.ts')).japanese : english;
