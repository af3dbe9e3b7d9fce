// Scrolls a wide diagram to the step that waits now or has changed, when it is shown for the first time.
const centre = (box) => {
  const step = box.querySelector('.is-late, .is-active, .is-wrong, .is-removed, .is-changed, .is-added, .is-heat5');
  if (!step) return;
  const frame = box.getBoundingClientRect();
  const place = step.getBoundingClientRect();
  box.scrollLeft += place.left + place.width / 2 - frame.left - frame.width / 2;
  box.scrollTop += place.top + place.height / 2 - frame.top - frame.height / 2;
};

export const diagrams = (root) => {
  for (const box of root.querySelectorAll('[data-diagram]:not([data-centred])')) {
    box.dataset.centred = 'yes';
    const fold = box.closest('details');
    if (fold && !fold.open) fold.addEventListener('toggle', () => centre(box), { once: true });
    else centre(box);
  }
};
