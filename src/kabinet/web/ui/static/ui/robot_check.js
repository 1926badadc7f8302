// [data-robot-check]: puts the widget in the place of the question. Browsers do such sums only on https and on localhost;
// elsewhere, and when the widget fails, the question stays.
for (const check of document.querySelectorAll("[data-robot-check]")) {
  if (!window.isSecureContext || !window.$altcha) continue;
  const question = check.querySelector("[data-robot-question]");
  $altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(check.dataset.worker));

  const widget = document.createElement("altcha-widget");
  widget.setAttribute("challenge", check.dataset.challenge);
  widget.setAttribute("name", check.dataset.name);
  widget.setAttribute("language", document.documentElement.lang);
  widget.setAttribute("auto", "onload");
  widget.setAttribute("configuration", JSON.stringify({ hideFooter: true, hideLogo: true }));
  widget.addEventListener("statechange", ({ detail }) => {
    question.hidden = detail.state !== "error";
    if (detail.state === "expired") widget.verify();
  });
  question.hidden = true;
  check.prepend(widget);
}
