// A token at this browser. Whoever reaches it (an extension as window.vanthuToken, or a helper on this machine) gets
// {certificate, digest, to_be_signed, algorithm}, all base64, and gives the bare signature. PINs are typed there, never here.
const WORDS = new Set(["cancelled", "pin", "no-device", "no-certificate", "failed"]);
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

function show(box, word, said = "") {
  const isBusy = word === "waiting";
  for (const line of box.querySelectorAll("[aria-live] [data-token-word]")) line.hidden = line.dataset.tokenWord !== word;
  box.querySelector("[data-token-said]").textContent = said;
  const again = box.querySelector("[data-token-again]");
  again.hidden = isBusy || word === "expired";
  for (const label of again.querySelectorAll("[data-token-word]")) label.hidden = (label.dataset.tokenWord === "ready") !== (word === "ready");
  box.setAttribute("aria-busy", isBusy);
  box.dataset.state = word;
}

async function post(address, values) {
  const body = new URLSearchParams(values);
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
  const content = await answer.json().catch(() => ({ words: "" }));
  if (!answer.ok) throw Object.assign(new Error("refused"), { word: content.is_over ? "expired" : "refused", said: content.words });
  return content;
}

async function askHelper(address, task) {
  const answer = await fetch(new URL("sign", address), {
    method: "POST", body: JSON.stringify(task), credentials: "omit", headers: { "Content-Type": "application/json" },
  }).catch(() => { throw Object.assign(new Error("helper"), { code: "no-device" }); });
  const content = await answer.json();
  if (!content.signature) throw Object.assign(new Error("helper"), { code: content.error });
  return content.signature;
}

function askDevice(box, task) {
  if (window.vanthuToken) return window.vanthuToken.sign(task);
  if (box.dataset.helper) return askHelper(box.dataset.helper, task);
  throw Object.assign(new Error("none"), { code: "no-device" });
}

async function sign(box) {
  if (box.dataset.state === "waiting") return;
  show(box, "waiting");
  try {
    const task = await post(box.dataset.prepare, {});
    const signature = await askDevice(box, task);
    const done = await post(box.dataset.deliver, { signature, "hang-cho": box.dataset.queue });
    location.assign(done.url);
  } catch (trouble) {
    show(box, trouble.word ?? (WORDS.has(trouble.code) ? trouble.code : "failed"), trouble.said);
    box.querySelector("[data-token-again]").focus();
  }
}

export function bindTokens(root) {
  for (const box of root.querySelectorAll("[data-vanthu-token]")) {
    if ("bound" in box.dataset) continue;
    box.dataset.bound = "";
    box.querySelector("[data-token-again]").addEventListener("click", () => sign(box));
    show(box, "ready");
    if ("auto" in box.dataset) sign(box);
  }
}
