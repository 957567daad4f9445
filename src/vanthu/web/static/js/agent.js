// VGCA Sign Service on this computer: give it our one text, pass on its one answer. What counts is what our server received.
let link = null;

const isPhone = () => matchMedia("(pointer: coarse) and (max-width: 48rem)").matches;
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

function say(box, event, text = "") {
  if (box.isConnected) window.htmx.ajax("POST", box.dataset.say, { target: box, swap: "innerHTML", values: { event, text } });
}

function connect(box, { address, request }) {
  let untold = "unreachable"; // what to say if the socket closes before anything else is known
  link = new WebSocket(address);
  const mine = link;
  mine.addEventListener("open", () => { untold = "hung-up"; mine.send(request); });
  mine.addEventListener("message", (event) => { untold = ""; say(box, "answered", String(event.data)); mine.close(); });
  mine.addEventListener("close", () => { if (untold && mine === link) say(box, untold); });
}

async function start(box) {
  const former = link;
  link = null;
  former?.close();
  box.querySelector("[data-agent-again]")?.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(box.dataset.start, { method: "POST", headers: { "X-CSRFToken": csrf() } });
  } catch {
    document.dispatchEvent(new CustomEvent("htmx:sendError"));
    return;
  }
  if (!answer.ok) return location.reload(); // ended meanwhile: the page says how
  const task = await answer.json();
  try {
    connect(box, task);
  } catch {
    say(box, "unreachable"); // the browser forbids the address
  }
}

export function bindAgents(root) {
  const box = root.matches?.("[data-vanthu-agent]") ? root : root.querySelector?.("[data-vanthu-agent]");
  if (!box || "bound" in box.dataset) return;
  box.dataset.bound = "";
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-agent-again]")) start(box);
  });
  if ("auto" in box.dataset && !isPhone()) start(box);
}
