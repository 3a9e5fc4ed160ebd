// Questions of a branch that was not taken are hidden; without this file they say when they are asked.
(() => {
  const form = document.getElementById("call");
  if (!form) return;
  const branches = [...form.querySelectorAll("[data-after]")];
  const follow = () => {
    for (const part of branches) {
      const chosen = [...form.querySelectorAll("input:checked")].find((box) => box.name === part.dataset.after);
      const earlier = chosen?.closest("[data-after]");
      part.hidden = !chosen || Boolean(earlier?.hidden) || !part.dataset.answers.split(" ").includes(chosen.value);
    }
  };
  for (const line of form.querySelectorAll(".only-if")) line.hidden = true;
  form.addEventListener("change", follow);
  follow();
})();
