// After a refused form the list of errors takes the focus, so that nobody has to look for it.
export const summary = (root) => {
  const found = root.querySelector('[data-error-summary]');
  if (found && document.activeElement !== found) found.focus();
};
