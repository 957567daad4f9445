// "còn 25 phút" stays true while the page is open; the server's clock counts, not this machine's.
const MINUTE = 60_000;
const HORIZON = 12 * 60; // beyond half a day the server's own words stand
const served = Date.parse(document.documentElement.dataset.now ?? "") || Date.now();
const openedAt = performance.now();

function refresh() {
  const now = served + performance.now() - openedAt;
  const words = document.getElementById("toasts")?.dataset;
  if (!words) return;
  for (const mark of document.querySelectorAll("[data-vanthu-countdown]")) {
    const minutes = Math.ceil((Date.parse(mark.dataset.vanthuCountdown) - now) / MINUTE);
    if (!(Math.abs(minutes) < HORIZON)) continue;
    const [h, n] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    const text = minutes <= 0 ? words.over.replace("{n}", -minutes) : h ? words.leftHours.replace("{h}", h).replace("{n}", n) : words.left.replace("{n}", n);
    const label = mark.querySelector("span");
    if (label.textContent !== text) label.textContent = text;
    mark.classList.toggle("due-late", minutes <= 0);
  }
}
refresh();
setInterval(refresh, MINUTE / 4);
document.addEventListener("htmx:afterSettle", refresh);
