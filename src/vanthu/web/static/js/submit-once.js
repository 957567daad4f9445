// A second click while an act is under way does nothing: no document is issued twice by an impatient hand.
function release(form) {
  if (!form?.dataset) return;
  delete form.dataset.pending;
  for (const button of document.querySelectorAll("[aria-busy='true'].button")) {
    if (button.form === form) button.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("vanthuDownload" in form.dataset) return; // the page stays, nothing would release it
  if (form.method === "dialog" || form.method === "get" && !form.hasAttribute("hx-post")) return;
  if ("pending" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.pending = "";
  event.submitter?.setAttribute("aria-busy", "true");
}, true);
document.addEventListener("htmx:afterRequest", (event) => release(event.detail.elt.closest("form")));
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});
