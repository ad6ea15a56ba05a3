/**
 * What a page does by itself, without the server and without the outbox: the menu closes, the search field finds in the list that is there (so
 * without a connection too), and another theme is seen at once. Without this module all of it works by links and forms.
 *
 *     details.menu        closes with Escape and with a press beside it
 *     form[data-find]     names the element whose `.row`s it looks through, by `.row-link`; says how many with `data-found="{count} …"` and
 *                         `data-found-none`, in its `[role=status]`
 *     button[name=theme]  sets `data-theme` of the document; its form tells the server
 */

/** Letters without accents and capitals, so that "umit" finds Ümit. @param {string} text */
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

for (const menu of document.querySelectorAll('details.menu')) {
  document.addEventListener('pointerdown', ({ target }) => {
    if (menu.open && !menu.contains(target)) menu.open = false;
  });
  menu.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });
}

for (const form of document.querySelectorAll('form[data-find]')) {
  const list = document.getElementById(form.dataset.find);
  if (!list) continue;
  const field = form.querySelector('[type=search]');
  const said = form.querySelector('[role=status]');
  const rows = [...list.querySelectorAll('.row')].map((row) => ({ row, name: plain(row.querySelector('.row-link').textContent) }));
  const parts = [...list.querySelectorAll('.group, .section')];
  const folds = [...list.querySelectorAll('details.fold')];

  const find = () => {
    const wanted = plain(field.value);
    let count = 0;
    for (const { row, name } of rows) {
      row.hidden = !name.includes(wanted);
      if (!row.hidden) count += 1;
    }
    for (const part of parts) part.hidden = part.querySelector('.row:not([hidden])') === null;
    // What is found is seen, also where it was folded away.
    for (const fold of folds) {
      fold.hidden = fold.querySelector('.row:not([hidden])') === null;
      if (wanted !== '') fold.open = true;
    }
    const words = count > 0 ? form.dataset.found.replace('{count}', String(count)) : form.dataset.foundNone;
    said.textContent = wanted === '' ? '' : words;
  };
  field.addEventListener('input', find);
  form.addEventListener('submit', (event) => {
    // What is here is looked through already; the server knows more only when nothing was found.
    if (rows.some(({ row }) => !row.hidden) || !navigator.onLine) event.preventDefault();
  });
  find();
}

for (const button of document.querySelectorAll('button[name=theme]')) {
  button.addEventListener('click', (event) => {
    event.preventDefault();
    const { documentElement: page } = document;
    if (button.value === 'auto') page.removeAttribute('data-theme');
    else page.dataset.theme = button.value;
    for (const other of document.querySelectorAll('button[name=theme]')) other.setAttribute('aria-pressed', String(other === button));
    // Told to the server so that the next page has it; without a connection it stays a matter of this page.
    const body = new URLSearchParams(new FormData(button.form));
    body.set(button.name, button.value);
    fetch(button.form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => {});
  });
}
