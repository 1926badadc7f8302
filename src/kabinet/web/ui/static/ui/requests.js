// When htmx gets no useful answer, say so; the form is still there and works without htmx, too.
const apologise = (event) => {
  const status = event.detail?.ctx?.response?.raw?.status ?? 0;
  if (status && status < 500) return;
  const place = document.querySelector("[data-request-error]");
  if (place) place.hidden = false;
};

document.addEventListener("htmx:response:error", apologise);
document.addEventListener("htmx:error", apologise);
document.addEventListener("htmx:before:request", () => {
  const place = document.querySelector("[data-request-error]");
  if (place) place.hidden = true;
});
