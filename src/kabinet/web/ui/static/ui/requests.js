// When htmx gets no useful answer, say so; the form is still there and works without htmx, too.
const note = () => document.querySelector("[data-request-error]");

const apologise = ({ detail }) => {
  const isFormWithMistakes = detail?.ctx?.response?.status === 422;
  if (note() && !isFormWithMistakes) note().hidden = false;
};

document.addEventListener("htmx:response:error", apologise);
document.addEventListener("htmx:error", apologise);
document.addEventListener("htmx:before:request", () => {
  if (note()) note().hidden = true;
});
