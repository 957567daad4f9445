// What htmx itself may do stands in the meta element of base.html; here: focus is never lost, a poll never steals it.
let rowBeforeMore = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  rowBeforeMore = target?.matches("[data-vanthu-more]") ? target.previousElementSibling : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (rowBeforeMore) {
    const next = rowBeforeMore.nextElementSibling;
    rowBeforeMore = null;
    next?.querySelector("a")?.focus();
    return;
  }
  const area = event.detail.elt;
  if (!lost || !area?.isConnected || area.closest("[data-vanthu-quiet]")) return;
  const wanted = area.querySelector("[aria-invalid='true'], [autofocus], [role='alert'], h1, h2");
  const place = wanted ?? area;
  if (!place.matches("a, button, input, select, textarea")) place.tabIndex = -1;
  place.focus({ preventScroll: !wanted });
});
