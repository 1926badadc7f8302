// [data-searchable]: turns its <select> into a combobox that is searched by typing (WAI-ARIA: editable, list autocomplete).
// The <select> stays in the form and holds the value; only its looks are replaced.
const plain = (text) => text.toLowerCase().replaceAll("ё", "е").replace(/[«»"]/g, "");

const makeSearchable = (control) => {
  const select = control.querySelector("select");
  if (!select || control.querySelector("[role=combobox]")) return;

  const options = [...select.options].map((option, place) => ({ option, id: `${select.id}_option_${place}` }));
  const list = document.createElement("div");
  list.className = "combobox-list";
  list.id = `${select.id}_list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${select.id}"]`)?.textContent ?? "");
  list.hidden = true;

  const input = document.createElement("input");
  input.type = "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let active = -1;
  const shown = () => [...list.querySelectorAll("[role=option]")];
  const textOfChosen = () => select.selectedOptions[0]?.textContent.trim() ?? "";

  const highlight = (place) => {
    const rows = shown();
    active = rows.length ? (place + rows.length) % rows.length : -1;
    rows.forEach((row, index) => row.classList.toggle("combobox-option-active", index === active));
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", rows[active].id);
    rows[active].scrollIntoView({ block: "nearest" });
  };

  const open = (typed = "") => {
    const wanted = plain(typed).split(/\s+/).filter(Boolean);
    const fitting = options.filter(({ option }) => wanted.every((word) => plain(option.textContent).includes(word)));
    list.replaceChildren(
      ...fitting.map(({ option, id }) => {
        const row = document.createElement("div");
        row.className = "combobox-option";
        row.id = id;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(option.selected));
        row.textContent = option.textContent;
        row.dataset.value = option.value;
        return row;
      }),
    );
    if (!fitting.length) {
      const nothing = document.createElement("p");
      nothing.className = "combobox-empty";
      nothing.setAttribute("role", "status");
      nothing.textContent = control.dataset.nothing;
      list.append(nothing);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    highlight(typed ? 0 : Math.max(0, fitting.findIndex(({ option }) => option.selected)));
  };

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    input.value = textOfChosen();
  };

  const choose = (row) => {
    if (row && select.value !== row.dataset.value) {
      select.value = row.dataset.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    close();
  };

  input.addEventListener("input", () => open(input.value));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => list.hidden && open());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) open();
      else highlight(active + step);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      choose(shown()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) choose(row);
  });
  select.addEventListener("change", () => (input.value = textOfChosen()));

  const label = document.querySelector(`label[for="${select.id}"]`);
  input.id = `${select.id}_search`;
  if (label) label.htmlFor = input.id;
  control.classList.add("combobox");
  select.hidden = true;
  input.value = textOfChosen();
  control.prepend(input);
  control.append(list);
};

const makeAllSearchable = () => document.querySelectorAll("[data-searchable]").forEach(makeSearchable);
makeAllSearchable();
document.addEventListener("htmx:after:swap", makeAllSearchable);
// A browser that brings a page back restores the <select> after our first look at it.
addEventListener("pageshow", () => {
  for (const select of document.querySelectorAll("[data-searchable] select")) select.dispatchEvent(new Event("change"));
});
