// Saves what has been typed: two seconds after the last key, and when the page is left.
const PAUSE = 2000;

const watch = (form) => {
  const note = form.querySelector('[data-draft-note]');
  let timer = 0;
  let dirty = false;
  const save = async (keepalive) => {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === 'string'));
    try {
      const answer = await fetch(form.dataset.draft, { method: 'POST', body, keepalive, headers: { Accept: 'application/json' } });
      const told = await answer.json();
      if (note) note.textContent = told.message;
    } catch {
      dirty = true;
      if (note) note.textContent = 'Nie udało się zapisać szkicu. Nie zamykaj tej strony; próbuję ponownie.';
      timer = setTimeout(() => save(false), 5 * PAUSE);
    }
  };
  form.addEventListener('input', () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(() => save(false), PAUSE);
  });
  form.addEventListener('submit', () => { dirty = false; clearTimeout(timer); });
  addEventListener('pagehide', () => save(true));
};

export const drafts = (root) => {
  for (const form of root.querySelectorAll('form[data-draft]:not([data-watched])')) {
    form.dataset.watched = 'yes';
    watch(form);
  }
};
