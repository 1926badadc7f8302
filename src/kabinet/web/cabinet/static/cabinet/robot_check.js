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
      widget.addEventListener("statechange", (event) => {
        if (event.detail.state !== "error") return;
        widget.remove();
        ask(true);
      });
      ask(false);
      question.before(widget);
    } catch {
      ask(true);
    }
  }
}
