// Let the browser answer for its person: the widget takes the question's place wherever it can do its work.
// crypto.subtle is there on https and localhost only; elsewhere, and when the widget fails, the question stays.
for (const block of document.querySelectorAll("[data-robot-check]")) {
  const { challenge, widget: source, words, worker, language } = block.dataset;
  const question = block.querySelector("[data-robot-question]");

  const ask = (isAsked) => {
    question.hidden = !isAsked;
    for (const input of question.querySelectorAll("input")) input.disabled = !isAsked;
  };

  if (globalThis.isSecureContext && globalThis.crypto?.subtle) {
    try {
      await import(source);
      await import(words);
      globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(worker));
      const widget = document.createElement("altcha-widget");
      widget.setAttribute("challenge", challenge);
      widget.setAttribute("name", "altcha");
      widget.setAttribute("auto", "onload");
      widget.setAttribute("language", language);
      widget.setAttribute("configuration", JSON.stringify({ hideFooter: true, hideLogo: true }));
      const form = block.closest("form");
      let state = "verifying";
      let pressed = null;
      // Whoever presses the button before the work is done has it pressed again afterwards.
      form.addEventListener("submit", (event) => {
        if (state !== "verifying") return;
        event.preventDefault();
        pressed = event.submitter;
        pressed?.setAttribute("aria-busy", "true");
      });
      widget.addEventListener("statechange", (event) => {
        state = event.detail.state;
        if (state === "error") {
          widget.remove();
          ask(true);
        }
        if (!pressed || state === "verifying") return;
        pressed.removeAttribute("aria-busy");
        if (state === "verified") setTimeout(() => form.requestSubmit(pressed));
      });
      ask(false);
      question.before(widget);
    } catch {
      ask(true);
    }
  }
}
