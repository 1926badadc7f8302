// A hint opens when its sign is reached by Tab, also where interest in an element means hovering only.
document.addEventListener("focusin", (event) => {
  const sign = event.target.closest?.(".hint-sign");
  if (!sign?.matches(":focus-visible") || !HTMLElement.prototype.togglePopover) return;
  const hint = document.getElementById(sign.getAttribute("popovertarget"));
  if (!hint.matches(":popover-open")) hint.showPopover({ source: sign });
});

document.addEventListener("focusout", (event) => {
  const sign = event.target.closest?.(".hint-sign");
  if (!sign || !HTMLElement.prototype.togglePopover) return;
  const hint = document.getElementById(sign.getAttribute("popovertarget"));
  if (hint?.matches(":popover-open")) hint.hidePopover();
});
