// [data-key="j"]: a link or a button that one key presses, or a field that it takes the focus to: by the place of the key,
// so that it is the same in every layout. Not while something is typed, and not when keys are switched off (WCAG 2.1.4).
const places = { "/": "Slash", "?": "Slash" };
const isTyped = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
  if (isTyped(event.target) || localStorage.getItem("keys") === "off") return;
  for (const wanted of document.querySelectorAll("[data-key]")) {
    const key = wanted.dataset.key;
    const place = places[key] ?? `Key${key.toUpperCase()}`;
    if (event.code !== place || event.shiftKey !== (key === "?")) continue;
    event.preventDefault();
    if (isTyped(wanted)) wanted.focus();
    else wanted.click();
    return;
  }
});
