// A list of documents: moving, selecting, the bulk bar, and the quick view beside it where there is room.
const rows = () => [...document.querySelectorAll("[data-vanthu-row]")];
const current = () => document.querySelector("[data-vanthu-row][data-current]");
const quick = () => document.querySelector("[data-vanthu-quick]");
const hasRoom = () => quick()?.checkVisibility() ?? false;
let waiting = 0;
let anchor = null;

function show(row) {
  for (const other of rows()) other.toggleAttribute("data-current", other === row);
  clearTimeout(waiting);
  if (!hasRoom() || !row.dataset.quickUrl) return;
  waiting = setTimeout(() => window.htmx.ajax("GET", row.dataset.quickUrl, { target: quick(), swap: "innerHTML" }), 60);
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  const row = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  row?.querySelector(".row-link").focus();
  row?.scrollIntoView({ block: "nearest" });
}

function refreshBulk() {
  const bar = document.querySelector("[data-vanthu-bulk]");
  if (!bar) return;
  const chosen = document.querySelectorAll("[data-vanthu-row] > input:checked").length;
  bar.hidden = chosen === 0;
  bar.querySelector("[data-bulk-count]").textContent = chosen;
}

export const moves = {
  "row-down": () => step(1),
  "row-up": () => step(-1),
  "row-open": () => current()?.querySelector(".row-link").click(),
  "row-select": () => current()?.querySelector("input")?.click(),
};
export const hasRows = () => rows().length > 0;

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-vanthu-row]");
  if (row && row !== current()) show(row);
});

// With a quick view beside the list one click looks, a second one (or Enter) opens; without it one click opens.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".row-link");
  const byMouse = event.detail === 1 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (link && byMouse && hasRoom() && link.closest("[data-quick-url]")) {
    event.preventDefault();
    link.focus();
  }
  const box = event.target.closest("[data-vanthu-row] > input");
  if (!box) return;
  const boxes = rows().map((row) => row.querySelector("input"));
  if (event.shiftKey && anchor) {
    const [from, to] = [boxes.indexOf(anchor), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of boxes.slice(Math.max(0, from), to + 1)) each.checked = box.checked;
  }
  anchor = box;
  refreshBulk();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-bulk-clear]")) return;
  for (const row of rows()) row.querySelector("input").checked = false;
  refreshBulk();
  current()?.querySelector(".row-link").focus();
});
document.addEventListener("htmx:afterSettle", refreshBulk);
window.addEventListener("pageshow", refreshBulk);
