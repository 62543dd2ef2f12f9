import type { ITheme } from '@xterm/xterm';

const light: ITheme = {
  foreground: '#1f2328',
  background: '#ffffff',
  cursor: '#1f2328',
  cursorAccent: '#ffffff',
  selectionBackground: '#b6d4fe',
  black: '#24292f',
  red: '#b3261e',
  green: '#116329',
  yellow: '#7a4d00',
  blue: '#0550ae',
  magenta: '#7b2c9e',
  cyan: '#0b6472',
  white: '#5c636b',
  brightBlack: '#57606a',
  brightRed: '#a40e26',
  brightGreen: '#1a7f37',
  brightYellow: '#633c01',
  brightBlue: '#0969da',
  brightMagenta: '#8250df',
  brightCyan: '#1b7c83',
  brightWhite: '#24292f',
};

const dark: ITheme = {
  foreground: '#e6e8ec',
  background: '#14161b',
  cursor: '#e6e8ec',
  cursorAccent: '#14161b',
  selectionBackground: '#2d4f7c',
  black: '#6e7681',
  red: '#ff8a80',
  green: '#7ee787',
  yellow: '#e3b341',
  blue: '#8ab4ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
  white: '#d0d4da',
  brightBlack: '#8b949e',
  brightRed: '#ffaba8',
  brightGreen: '#a5f3b0',
  brightYellow: '#f2cc60',
  brightBlue: '#a5c9ff',
  brightMagenta: '#e2c5ff',
  brightCyan: '#a5f0f5',
  brightWhite: '#ffffff',
};

/** The terminal's colours for the page's theme. */
export function terminalTheme(): ITheme {
  return document.documentElement.dataset.theme === 'light' ? light : dark;
}

/** Calls when the reader changes the page's theme. */
export function onThemeChange(changed: () => void): MutationObserver {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return observer;
}
