// Native dialogs, menus made of <details>, and panels that open from below on a phone.
const menus = () => document.querySelectorAll("details[data-vanthu-menu][open]");

export function closeMenus(except) {
  let closed = false;
  for (const menu of menus()) {
    if (menu === except || menu.contains(except)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
    closed = true;
  }
  return closed;
}

export function openDialog(id) {
  document.getElementById(id)?.showModal();
}

function toggle(button) {
  const panel = document.getElementById(button.dataset.vanthuToggles);
  const open = panel.toggleAttribute("data-open");
  for (const other of document.querySelectorAll(`[data-vanthu-toggles="${panel.id}"]`)) other.setAttribute("aria-expanded", open);
}

document.addEventListener("click", (event) => {
  const { target } = event;
  closeMenus(target);
  const opener = target.closest("[data-vanthu-opens]");
  if (opener) openDialog(opener.dataset.vanthuOpens);
  const toggler = target.closest("[data-vanthu-toggles]");
  if (toggler) toggle(toggler);
  // On a phone a tab of the closed sheet would change what nobody sees.
  target.closest(".process-panel .tabs a")?.closest(".process-panel").setAttribute("data-open", "");
  if (target.closest("[data-vanthu-closes]") || target.matches("dialog")) target.closest("dialog")?.close();
});
document.addEventListener("toggle", (event) => {
  if (event.target.matches("details[data-vanthu-menu][open].why")) event.target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);
