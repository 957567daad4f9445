// The one module a page loads; each behaviour binds itself by data-vanthu-* attributes and survives htmx swaps.
import "./htmx-config.js";
import "./toast.js";
import "./theme.js";
import "./dialog.js";
import "./queue.js";
import "./keys.js";
import "./submit-once.js";
import "./file-drop.js";
import "./countdown.js";
import "./phrases.js";
import { bindAgents } from "./agent.js";
import { bindFilters } from "./filter.js";
import { bindTokens } from "./token.js";
import { bindViewers } from "./viewer.js";

bindFilters(document);
bindViewers(document);
bindAgents(document);
bindTokens(document);
document.addEventListener("htmx:load", (event) => { bindViewers(event.detail.elt); bindAgents(event.detail.elt); });
