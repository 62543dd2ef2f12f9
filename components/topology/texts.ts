/** What the live picture says itself, by the page's language. */
const english = {
  down: 'The lab is not up.',
  looking: 'Looking at the servers…',
};

const japanese: typeof english = {
  down: 'ラボは起動していません。',
  looking: 'サーバーを確認しています…',
};

/** The words in the language of the page. */
export const texts = document.documentElement.lang.startsWith('ja') ? japanese : english;
