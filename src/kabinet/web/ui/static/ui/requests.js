// When htmx gets no useful answer, say so, in the form that asked if it has words of its own. It works without htmx, too.
const noteFor = (element) =>
  element.closest?.("form")?.querySelector("[data-request-error]") ?? document.querySelector("[data-request-error]");

const apologise = ({ target, detail }) => {
  const isFormWithMistakes = detail?.ctx?.response?.status === 422;
  const note = noteFor(target);
  if (note && !isFormWithMistakes) note.hidden = false;
};

document.addEventListener("htmx:response:error", apologise);
document.addEventListener("htmx:error", apologise);
document.addEventListener("htmx:before:request", () => {
  for (const note of document.querySelectorAll("[data-request-error]")) note.hidden = true;
});
