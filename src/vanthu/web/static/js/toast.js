// Short messages: from the server (HX-Trigger: {"vanthu:toast": {"text": …, "kind": "ok"}}) and for requests that failed.
const region = () => document.getElementById("toasts");
const STAY_MS = 8000;

export function toast(text, kind = "ok") {
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.vanthuToast = "";
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button-quiet button-icon";
  close.dataset.vanthuToastClose = "";
  close.setAttribute("aria-label", region().dataset.closeLabel);
  close.textContent = "×";
  box.append(words, close);
  region().append(box);
  if (kind === "ok") setTimeout(() => box.remove(), STAY_MS); // an error stays until it is read
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-vanthu-toast-close]")?.closest("[data-vanthu-toast]").remove();
});
document.addEventListener("vanthu:toast", (event) => toast(event.detail.text, event.detail.kind));
document.addEventListener("htmx:sendError", () => toast(region().dataset.offline, "error"));
document.addEventListener("htmx:timeout", () => toast(region().dataset.offline, "error"));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (event.detail.xhr.getResponseHeader("HX-Trigger")?.includes("vanthu:toast")) return;
  const texts = region().dataset;
  toast({ 403: texts.forbidden, 404: texts.missing }[status] ?? texts.server, "error");
});
