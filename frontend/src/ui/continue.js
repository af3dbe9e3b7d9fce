// Work in several parts goes on by itself; whoever presses a button in the meantime decides otherwise.
const PAUSE = 700; // milliseconds in which it can be stopped

export const goOn = (root) => {
  for (const form of root.querySelectorAll('form[data-continue]')) {
    const next = setTimeout(() => form.requestSubmit(form.querySelector('button')), PAUSE);
    form.addEventListener('submit', () => clearTimeout(next));
  }
};
