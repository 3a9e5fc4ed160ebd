// Runs before first paint, so that a dark page never flashes white.
{
  const root = document.documentElement;
  let saved = null;
  try { saved = localStorage.getItem("theme"); } catch { /* storage may be closed */ }
  root.classList.add("script");
  root.dataset.theme = saved || root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
