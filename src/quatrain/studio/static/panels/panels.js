/** The panels around the sheet. What is not needed at first is loaded when it is. */
import { request } from "../api.js";
import { byId, make } from "../dom.js";
import { fillDrawer } from "./drawer.js";
import { keep, recall } from "./parts.js";
import { fillVersions } from "./versions.js";

/** Build the panels. @param {Desk} desk */
export function startPanels(desk) {
  const drawer = byId("drawer");
  fillDrawer(desk, drawer);
  fillVersions(desk, drawer);
  desk.draft.addEventListener("conflict", async event => {
    const { mine, current } = /** @type {CustomEvent<{ mine: DraftDocument, current: SavedDraft }>} */ (event).detail;
    (await import("./conflict.js")).showConflict(desk, mine, current);
  });
  desk.addTool({ label: "Read aloud", key: "r", run: async () => (await import("./speech.js")).readAloud(desk) });
  desk.addTool({ label: "Export and print", key: "e", run: async () => (await import("./export.js")).openExport(desk) });
  desk.addTool({ label: "Train a muse", key: "t", run: async () => (await import("./training/training.js")).openTraining(desk) });
  desk.addTool({ label: "Inside the layers", key: "i", run: () => location.assign("/inside") });
  startTheme();
  watchTrainings(desk);
}

/** Follow a training that was begun before this page was opened. @param {Desk} desk */
async function watchTrainings(desk) {
  const { trainings } = await request("GET", "/api/trainings").catch(() => ({ trainings: [] }));
  if (trainings.some((/** @type {Training} */ { state }) => state === "running" || state === "waiting"))
    (await import("./training/training.js")).watch(desk);
}

/** @param {string | null} theme */
function applyTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

/** Put the choice of light and dark under "More"; it holds for every window of this browser. `theme.js` applies it at first. */
function startTheme() {
  const now = recall("theme") || "system";
  const radios = ["system", "light", "dark"].map(theme => make("input", { type: "radio", name: "page", value: theme, checked: theme === now,
    onchange: () => { keep("theme", theme); applyTheme(theme); } }));
  byId("more").querySelector(".drop").append(make("fieldset", { className: "themes" }, make("legend", {}, "page"),
    ...radios.map(radio => make("label", { className: "check" }, radio, radio.value === "system" ? "as the system" : radio.value))));
  addEventListener("storage", event => {
    if (event.key !== "quatrain.theme") return;
    applyTheme(event.newValue);
    radios.forEach(radio => { radio.checked = radio.value === (event.newValue || "system"); });
  });
}
