// [data-copy]: puts its value into the clipboard and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("copy-done");
  button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
  setTimeout(() => button.classList.remove("copy-done"), 2000);
});
