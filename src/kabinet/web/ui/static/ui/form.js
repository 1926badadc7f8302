// [data-once]: a form that is sent once, however often its button is pressed.
// [data-focus]: what takes the focus when the page opens: the summary of errors; else the first field that is wrong.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-once]");
  if (!form || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});

// The page may come back from the browser's memory, and a download leaves it where it is.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

document.querySelector('[data-focus], [aria-invalid="true"]')?.focus();
