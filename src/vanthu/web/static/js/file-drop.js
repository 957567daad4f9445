// A file field lies over its drop area, so the browser itself takes the drop; here: say what was taken.
const words = new Intl.NumberFormat("vi", { maximumFractionDigits: 1 });

function size(bytes) {
  return bytes < 1e6 ? `${words.format(Math.max(1, bytes / 1e3 | 0))} kB` : `${words.format(bytes / 1e6)} MB`;
}

document.addEventListener("change", (event) => {
  const list = event.target.closest?.("[data-vanthu-drop]")?.querySelector(".drop-files");
  if (!list) return;
  list.replaceChildren(...[...event.target.files].map((file) => {
    const line = document.createElement("div");
    line.textContent = `${file.name} · ${size(file.size)}`;
    return line;
  }));
});
for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    event.target.closest?.("[data-vanthu-drop]")?.toggleAttribute("data-over", over);
  });
}
