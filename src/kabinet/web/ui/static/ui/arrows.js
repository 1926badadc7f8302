// [data-arrow]: links of a list that the arrows go through, up and down; from the field above it too.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const links = [...document.querySelectorAll("[data-arrow]")];
  const place = links.indexOf(document.activeElement);
  const isInBox = document.activeElement.matches("input[data-key]");
  if (!links.length || (place < 0 && !(isInBox && step > 0))) return;
  event.preventDefault();
  const next = links[place + step];
  if (next) next.focus();
  else if (step < 0) document.querySelector("input[data-key]")?.focus();
});
