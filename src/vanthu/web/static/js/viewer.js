// The pages of a document: paging, zoom, and the next page already loading. The text layer needs no script.
const ZOOMS = ["page", "width", "125", "150", "200"];

function bind(viewer) {
  const pages = viewer.querySelector(".viewer-pages");
  const leaves = [...viewer.querySelectorAll(".leaf")];
  const shown = viewer.querySelector("[data-viewer='page']");
  let at = 0;

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      at = leaves.indexOf(entry.target);
      shown.textContent = entry.target.dataset.page;
      const next = leaves[at + 1]?.querySelector("img");
      if (next) next.loading = "eager";
    }
  }, { root: pages, rootMargin: "-45% 0px -50% 0px" });
  for (const leaf of leaves) seen.observe(leaf);

  const go = (by) => leaves[Math.min(leaves.length - 1, Math.max(0, at + by))]?.scrollIntoView({ block: "start" });
  const zoom = (by) => {
    const index = ZOOMS.indexOf(viewer.dataset.zoom) + by;
    viewer.dataset.zoom = ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, index))];
  };
  const acts = { prev: () => go(-1), next: () => go(1), in: () => zoom(1), out: () => zoom(-1) };
  viewer.addEventListener("click", (event) => {
    const act = event.target.closest("button[data-viewer]")?.dataset.viewer;
    if (act) acts[act]();
  });
}

export function bindViewers(root) {
  const inside = root.querySelectorAll?.("[data-vanthu-viewer]") ?? [];
  for (const viewer of root.matches?.("[data-vanthu-viewer]") ? [root, ...inside] : inside) {
    if ("bound" in viewer.dataset) continue;
    viewer.dataset.bound = "";
    bind(viewer);
  }
}
