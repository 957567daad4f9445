// Keys: the table stands in the page (foundation/ui/keys.py), so behaviour and the help can't disagree.
import { closeMenus } from "./dialog.js";
import { hasRows, moves } from "./queue.js";

const CHORD_MS = 1200;
const ARROWS = { ArrowLeft: "←", ArrowRight: "→" };
let prefix = "";
let prefixTimer = 0;

const table = () => [...document.querySelectorAll("[data-vanthu-key]")];
const typing = (node) => node.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
const actor = (act) => [...document.querySelectorAll(`[data-vanthu-act="${act}"]`)].find((node) => node.checkVisibility() || node.closest(".app-rail"));

function submit() {
  const form = document.activeElement.closest("form");
  const button = form?.querySelector("[data-vanthu-act='primary'], [type='submit']") ?? actor("primary");
  button?.click();
}

function help() {
  for (const line of table()) line.hidden = !isValid(line.dataset.keyAct);
  document.getElementById("keys-help").showModal();
}

function close() {
  if (closeMenus()) return;
  document.querySelector(".app-rail[data-open]")?.removeAttribute("data-open");
  if (typing(document.activeElement)) document.activeElement.blur();
}

const own = { help, close, submit, ...moves };

function isValid(act) {
  if (act in moves) return hasRows();
  if (act === "submit") return Boolean(actor("primary"));
  return act in own || Boolean(actor(act));
}

function perform(act) {
  if (act in own) own[act]();
  else if (act === "search") actor(act)?.focus();
  else actor(act)?.click();
}

function pressed(event) {
  if (event.key === "Escape") return "Esc";
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return "Ctrl+Enter";
  return event.ctrlKey || event.metaKey || event.altKey ? "" : ARROWS[event.key] ?? event.key;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  const key = pressed(event);
  const inText = typing(event.target);
  if (!key || (inText && key !== "Esc" && key !== "Ctrl+Enter")) return;
  if (key === "Enter" && event.target.matches("a, button, summary, input")) return; // the element's own meaning
  const wanted = prefix ? `${prefix} ${key}` : key;
  prefix = "";
  clearTimeout(prefixTimer);
  const line = table().find((entry) => entry.dataset.vanthuKey === wanted);
  if (line && isValid(line.dataset.keyAct)) {
    event.preventDefault();
    perform(line.dataset.keyAct);
  } else if (table().some((entry) => entry.dataset.vanthuKey.startsWith(`${wanted} `))) {
    prefix = wanted;
    prefixTimer = setTimeout(() => { prefix = ""; }, CHORD_MS);
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-vanthu-keys]")) help();
});
