// Shows a field, and the section around it, only while the answers it depends on fit; the server drops hidden answers anyway.
const chosen = (form, name) => {
  const inputs = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
  return [...inputs].flatMap((one) => {
    if (one.type === 'radio' || one.type === 'checkbox') return one.checked ? [one.value] : [];
    return [one.value];
  });
};

const apply = (form) => {
  for (const field of form.querySelectorAll('[data-show-if]')) {
    const rules = JSON.parse(field.dataset.showIf);
    field.hidden = !rules.every((rule) => chosen(form, rule.name).some((value) => rule.in.includes(value)));
  }
  for (const section of form.querySelectorAll('[data-section]')) {
    const fields = [...section.querySelectorAll('.field')];
    section.hidden = fields.length > 0 && fields.every((field) => field.hidden);
  }
};

export const conditions = (root) => {
  for (const form of root.querySelectorAll('form[data-conditions]:not([data-conditions="on"])')) {
    form.dataset.conditions = 'on';
    form.addEventListener('change', () => apply(form));
    apply(form);
  }
};
