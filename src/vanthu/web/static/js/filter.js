// A long list of checkboxes with a quick search: letters without marks find those with them; without a script the list is whole.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
const rowsOf = (group) => [...group.querySelectorAll("[data-filter-row]")];
const boxOf = (row) => row.querySelector("input");

function refresh(list) {
  const words = plain(list.querySelector("[data-filter-text]").value).split(/\s+/).filter(Boolean);
  const onlyChosen = list.querySelector("[data-filter-chosen]").checked;
  let shown = 0;
  for (const group of list.querySelectorAll("[data-filter-group]")) {
    let here = 0;
    for (const row of rowsOf(group)) {
      row.dataset.plain ??= plain(row.textContent);
      row.hidden = !words.every((word) => row.dataset.plain.includes(word)) || (onlyChosen && !boxOf(row).checked);
      here += row.hidden ? 0 : 1;
    }
    group.hidden = here === 0;
    shown += here;
  }
  list.querySelector("[data-filter-none]").hidden = shown > 0;
  const count = list.querySelector("[data-filter-count]");
  const chosen = list.querySelectorAll("input[name]:checked").length;
  count.textContent = chosen ? `· ${count.dataset.text.replace("{n}", chosen)}` : "";
}

// What is shown and open is ticked; when all of it is ticked already, it is unticked.
function toggleGroup(group) {
  const boxes = rowsOf(group).filter((row) => !row.hidden).map(boxOf).filter((box) => !("filterClosed" in box.dataset));
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
}

export function bindFilters(root) {
  for (const list of root.querySelectorAll("[data-vanthu-filter]")) {
    if ("bound" in list.dataset) continue;
    list.dataset.bound = "";
    for (const hidden of list.querySelectorAll("[data-filter-tools], [data-filter-all]")) hidden.hidden = false;
    list.addEventListener("input", () => refresh(list));
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-filter-all]");
      if (!button) return;
      toggleGroup(button.closest("[data-filter-group]"));
      refresh(list);
    });
    list.addEventListener("keydown", (event) => { // Enter in the search looks, it does not save the draft
      if (event.key === "Enter" && event.target.matches("[data-filter-text], [data-filter-enter]") && !event.ctrlKey && !event.metaKey) event.preventDefault();
    });
    refresh(list);
  }
}
