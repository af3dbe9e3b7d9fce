// Keys on lists: j and k move, Enter opens, / searches. They can be switched off on the help page.
const typing = (target) => target.closest('input, textarea, select, [contenteditable]');

const move = (root, by) => {
  const rows = [...root.querySelectorAll('[data-row]')];
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.dataset.selected === 'yes');
  const next = rows[Math.max(0, Math.min(rows.length - 1, now + by))];
  for (const row of rows) row.dataset.selected = row === next ? 'yes' : 'no';
  next.querySelector('a')?.focus();
};

export const keys = (root) => {
  if (root.body.dataset.keys !== 'on') return;
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === 'j') move(root, 1);
    else if (event.key === 'k') move(root, -1);
    else if (event.key === '/') { root.querySelector('[data-search]')?.focus(); event.preventDefault(); }
  });
};
