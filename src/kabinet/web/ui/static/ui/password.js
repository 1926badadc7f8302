// [data-show-passwords]: the box that shows all passwords of its form.
// [data-password]: an eye for a password whose form has no such box.
const showPassword = (input, shown) => {
  input.type = shown ? "text" : "password";
  input.autocapitalize = "none";
  input.spellcheck = false;
};

document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-show-passwords]");
  if (!box) return;
  for (const input of box.form.querySelectorAll("[data-password] input")) showPassword(input, box.checked);
});

const addEye = (control) => {
  const input = control.querySelector("input");
  if (!input || control.querySelector(".password-eye") || input.form?.querySelector("[data-show-passwords]")) return;
  const eye = document.createElement("button");
  eye.type = "button";
  eye.className = "password-eye";
  const draw = (shown) => {
    eye.setAttribute("aria-label", shown ? control.dataset.hide : control.dataset.show);
    eye.replaceChildren(eyeShape(shown));
  };
  eye.addEventListener("click", () => {
    const shown = input.type === "password";
    showPassword(input, shown);
    draw(shown);
  });
  draw(false);
  control.append(eye);
};

const eyeShape = (crossed) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shapes = ["M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7z", "M9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0"];
  for (const shape of crossed ? [...shapes, "M3 3l18 18"] : shapes) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
};

const addEyes = () => document.querySelectorAll("[data-password]").forEach(addEye);
addEyes();
document.addEventListener("htmx:after:swap", addEyes);
