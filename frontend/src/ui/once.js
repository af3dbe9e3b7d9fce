// A double click sends a form once; the server would recognise the repeat anyway.
export const once = (root) => {
  for (const form of root.querySelectorAll('form[method="post"]:not([data-once])')) {
    form.dataset.once = 'yes';
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent === 'yes') { event.preventDefault(); return; }
      form.dataset.sent = 'yes';
      setTimeout(() => { form.dataset.sent = ''; }, 4000);
    });
  }
};
