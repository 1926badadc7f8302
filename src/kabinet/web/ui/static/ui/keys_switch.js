// [data-keys-switch]: a box that says whether single keys act in this browser (WCAG 2.1.4). keys.js asks for the same word.
for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = localStorage.getItem("keys") !== "off";
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem("keys");
    else localStorage.setItem("keys", "off");
  });
}
