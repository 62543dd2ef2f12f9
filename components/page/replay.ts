import { create } from 'asciinema-player';
import styles from 'asciinema-player/dist/bundle/asciinema-player.css?inline';
import frameStyles from '../styles/player.css?inline';
import { addStyles } from './add-styles.ts';
import { castPart } from './cast-part.ts';

const texts = {
  en: { close: 'Close', failed: 'The recording could not be loaded.' },
  ja: { close: '閉じる', failed: '記録を読み込めませんでした。' },
};
const { close, failed } = texts[document.documentElement.lang === 'ja' ? 'ja' : 'en'];

type Open = { readonly frame: HTMLElement; readonly label: string; dispose: () => void };
const open = new Map<HTMLButtonElement, Open>();

/** Opens the player of a step's, or of a whole run's recording below its button, or closes it. */
export async function toggleReplay(button: HTMLButtonElement): Promise<void> {
  const known = open.get(button);
  button.setAttribute('aria-expanded', String(!known));
  if (known) {
    open.delete(button);
    known.dispose();
    known.frame.remove();
    button.textContent = known.label;
    return;
  }
  const frame = document.createElement('div');
  frame.className = 'player';
  (button.closest('p') ?? button).after(frame);
  const opened: Open = { frame, label: button.textContent, dispose: () => {} };
  open.set(button, opened);
  button.textContent = close;
  addStyles('player', styles + frameStyles);
  const source = await load(button).catch(() => undefined);
  // The reader may have closed it meanwhile.
  if (!frame.isConnected) return;
  if (!source) {
    frame.textContent = failed;
    return;
  }
  const { text, startAt } = source;
  const player = create({ data: text }, frame, { autoPlay: true, fit: 'width', idleTimeLimit: 2, startAt });
  opened.dispose = () => player.dispose();
}

async function load(button: HTMLButtonElement) {
  const recorded = button.closest<HTMLElement>('.recorded');
  const response = await fetch(button.dataset.cast ?? recorded?.dataset.cast ?? '');
  if (!response.ok) return undefined;
  const text = await response.text();
  const step = recorded?.closest<HTMLElement>('.tejun-step')?.dataset.step;
  return step === undefined ? { text, startAt: 0 } : castPart(text, step);
}
