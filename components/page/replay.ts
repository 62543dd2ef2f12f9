import { create, type Player } from 'asciinema-player';
import styles from 'asciinema-player/dist/bundle/asciinema-player.css?inline';

const closing: Readonly<Record<string, string>> = { ja: '閉じる' };
const open = new Map<
  HTMLButtonElement,
  { readonly player: Player; readonly frame: HTMLElement; readonly label: string }
>();

/** Opens the player of a step's, or of a whole run's recording below its button, or closes it. */
export function toggleReplay(button: HTMLButtonElement): void {
  const known = open.get(button);
  if (known) {
    known.player.dispose();
    known.frame.remove();
    button.textContent = known.label;
    button.setAttribute('aria-expanded', 'false');
    open.delete(button);
    return;
  }
  const step = button.closest<HTMLElement>('.recorded');
  const cast = button.dataset.cast ?? step?.dataset.cast;
  if (!cast) return;
  addStyles();
  const frame = document.createElement('div');
  frame.className = 'player';
  (button.closest('p') ?? button).after(frame);
  const player = create(cast, frame, {
    autoPlay: true,
    fit: 'width',
    idleTimeLimit: 2,
    // A step's replay ends where the next step begins.
    ...(step ? { startAt: Number(step.dataset.at ?? 0) / 1000, pauseOnMarkers: true } : {}),
  });
  open.set(button, { player, frame, label: button.textContent });
  button.textContent = closing[document.documentElement.lang] ?? 'Close';
  button.setAttribute('aria-expanded', 'true');
}

function addStyles(): void {
  if (document.querySelector('#player-styles')) return;
  const style = document.createElement('style');
  style.id = 'player-styles';
  style.textContent = styles;
  document.head.append(style);
}
