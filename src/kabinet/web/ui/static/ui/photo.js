// [data-turn]: a button that turns the picture of its box by a quarter.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-turn]");
  const picture = button?.closest("[popover]").querySelector("[data-turns]");
  if (picture) picture.dataset.turns = (Number(picture.dataset.turns) + 1) % 4;
});
