// Standard phrases beside a text field: a click puts the phrase at the caret. Without this the link fills the field.
function insert(area, phrase) {
  const before = area.value.slice(0, area.selectionStart);
  const after = area.value.slice(area.selectionEnd);
  const gap = before && !/\s$/.test(before) ? " " : "";
  area.value = before + gap + phrase + (after && !/^\s/.test(after) ? " " : "") + after;
  const caret = before.length + gap.length + phrase.length;
  area.focus();
  area.setSelectionRange(caret, caret);
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-vanthu-phrase]");
  const area = chip && document.getElementById(chip.dataset.vanthuInto);
  if (!area || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  insert(area, chip.dataset.vanthuPhrase);
});
