import { makeButton } from './dom.ts';
import { texts } from './texts.ts';

/** A button that copies a text and says so. */
export function makeCopyButton(name: string, textToCopy: () => string, say: (text: string) => void): HTMLButtonElement {
  const button = makeButton(name, () => {
    void navigator.clipboard.writeText(textToCopy()).then(
      () => say(done()),
      () => say(texts.notCopied),
    );
  });
  const done = (): string => {
    button.dataset.copied = '';
    setTimeout(() => delete button.dataset.copied, 1500);
    return texts.copied;
  };
  return button;
}
