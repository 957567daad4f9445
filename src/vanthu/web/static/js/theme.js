// A person's choices (theme, density, language): shown at once, kept in cookies that the server reads for the next page.
const YEAR = 60 * 60 * 24 * 365;
const COOKIES = { theme: "vanthu_theme", density: "vanthu_density", language: "django_language" };

document.addEventListener("change", (event) => {
  const kind = event.target.dataset?.vanthuChoice;
  if (!kind) return;
  const { value } = event.target;
  document.cookie = `${COOKIES[kind]}=${value}; path=/; max-age=${YEAR}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  const root = document.documentElement;
  if (kind === "language") location.reload();
  else if (kind === "theme" && value === "auto") delete root.dataset.theme;
  else root.dataset[kind] = value;
});
