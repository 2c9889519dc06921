/** The bar: title, form, muses, theme and how they write, and the tools. */
import { sentence } from "./api.js";
import { byId, make } from "./dom.js";

/** @typedef {Omit<Desk, "addTool">} Parts */

/** The settings of writing: field, label, what it does, and the least, most and step of its number. */
const NUMBERS = /** @type {const} */ ([
  ["temperature", "temperature", "higher is bolder", 0, 3, 0.05],
  ["contrast", "contrast", "higher hears your poem more", 0, 3, 0.1],
  ["strength", "theme", "how strongly it pulls", 0, 10, 0.25],
]);

/** Fill the bar and follow the draft. @param {Parts} desk */
export function startBar(desk) {
  followTitle(desk);
  followForm(desk);
  followMuses(desk);
  followTheme(desk);
  const menus = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.menu")]);
  document.addEventListener("pointerdown", event => {
    for (const menu of menus) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  for (const menu of menus) {
    menu.addEventListener("keydown", event => {
      if (event.key !== "Escape" || !menu.open) return;
      event.stopPropagation();
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
    menu.addEventListener("focusout", event => {
      if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  }
  const drawer = byId("drawer"), drafts = byId("drafts");
  const openDrawer = (on = drawer.hidden) => {
    drawer.hidden = !on;
    drafts.setAttribute("aria-expanded", String(on));
    (on ? drawer.querySelector("input, button") : drafts)?.focus();
  };
  drafts.addEventListener("click", () => openDrawer());
  /** @type {Tool[]} */
  const tools = [];
  const more = byId("more");
  /** @param {Tool} tool */
  const addTool = tool => {
    const made = make("button", { type: "button", className: "quiet" }, tool.label);
    made.addEventListener("click", () => {
      if (!tool.bar) more.open = false;
      tool.run(made);
    });
    if (tool.bar) more.before(made);
    else more.querySelector(".drop").append(made);
    tools.push({ ...tool, button: made });
    return made;
  };
  return { addTool, tools, openDrawer };
}

/** Show a field's text from the draft, and change the draft as one types.
 * @param {Parts} desk @param {HTMLInputElement | HTMLTextAreaElement} field @param {"title" | "theme"} name @param {() => void} [shown] */
function follow({ draft }, field, name, shown = () => {}) {
  let last = 0;
  field.addEventListener("input", () => {
    const continues = Date.now() - last < 1500, text = field.value.replace(/\s*\n\s*/g, " ");
    last = Date.now();
    draft.change(document => { document[name] = text; }, { continues, kind: name });
  });
  const show = () => {
    if (field.value !== draft.document[name]) field.value = draft.document[name];
    shown();
  };
  draft.addEventListener("opened", show);
  draft.addEventListener("changed", show);
}

/** @param {Parts} desk */
function followTitle(desk) {
  const field = byId("title"), box = byId("title-box");
  follow(desk, field, "title", () => {
    box.dataset.text = field.value;
    document.title = `${field.value || "Untitled"} · Quatrain`;
  });
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    desk.focusLine(1);
  });
}

/** @param {Parts} desk */
function followForm(desk) {
  /** @type {HTMLSelectElement} */
  const select = byId("form");
  const { draft } = desk;
  const show = () => {
    const { form } = draft.document;
    if (![...select.options].some(option => option.value === form)) select.append(new Option(form, form));
    select.value = form;
  };
  select.addEventListener("change", () => chooseForm(draft, select.value));
  draft.addEventListener("opened", show);
  draft.addEventListener("changed", show);
  desk.forms().then(forms => {
    select.replaceChildren(new Option("none", ""), ...forms.map(form => {
      const option = new Option(form.title, form.name);
      option.title = form.description ?? "";
      return option;
    }));
    show();
  }).catch(error => desk.tell(sentence(error)));
}

/** Give the draft a form; without one, empty places at the end go. @param {import("./draft.js").Draft} draft @param {string} form */
export function chooseForm(draft, form) {
  draft.change(document => {
    document.form = form;
    while (!form && document.lines.length > 1 && !document.lines.at(-1)?.text) document.lines.pop();
  });
}

/** @param {Parts} desk */
function followMuses(desk) {
  const { draft } = desk, menu = byId("muses"), summary = menu.querySelector("summary"), drop = menu.querySelector(".drop");
  /** @type {PoetRow[]} */
  let poets = [];
  const list = make("div"), how = settingsOf(desk);
  drop.append(list, how);
  const title = (/** @type {string} */ name) => poets.find(poet => poet.name === name)?.title || name;
  const show = () => {
    const { muses } = draft.document;
    summary.textContent = muses.map(title).join(" & ") || "none";
    for (const box of list.querySelectorAll("input")) box.checked = muses.includes(box.value);
  };
  const fill = () => {
    /** @type {(Pick<PoetRow, "name" | "title" | "usable" | "why"> & Partial<PoetRow>)[]} */
    const listed = [...poets, ...draft.document.muses.filter(name => !poets.some(poet => poet.name === name))
      .map(name => ({ name, title: name, usable: false, why: "not here" }))];
    list.replaceChildren(...listed.map(poet => {
      const { name, usable, why } = poet, words = usable && poet.words ? `${poet.words.toLocaleString("en")} words` : why;
      const box = make("input", { type: "checkbox", value: name, disabled: !usable && !draft.document.muses.includes(name) });
      box.addEventListener("change", () => {
        draft.change(document => {
          document.muses = box.checked ? [...document.muses, name] : document.muses.filter(muse => muse !== name);
        });
      });
      return make("label", { className: "check", title: poet.description ?? "" }, box, make("span", {}, poet.title || name), make("small", {}, words));
    }));
    show();
  };
  const load = async (/** @type {boolean} */ refresh) => {
    try {
      poets = await desk.poets(refresh);
      fill();
    } catch (error) { list.replaceChildren(make("p", { className: "wrong" }, sentence(error))); }
  };
  menu.addEventListener("toggle", () => menu.open && load(true));
  draft.addEventListener("opened", fill);
  draft.addEventListener("changed", show);
  load(false);
}

/** Make the fields for how the muses write. @param {Parts} desk */
function settingsOf({ draft }) {
  /** @type {(() => void)[]} */
  const shows = [];
  const numbers = NUMBERS.map(([name, label, what, min, max, step]) => {
    const field = make("input", { type: "number", min, max, step, placeholder: "as usual", id: `set-${name}` });
    field.addEventListener("change", () => {
      const value = field.value === "" ? null : Math.min(max, Math.max(min, field.valueAsNumber));
      draft.change(document => { document.settings[name] = value; });
    });
    shows.push(() => { field.value = String(draft.document.settings[name] ?? ""); });
    return make("label", { className: "set" }, make("span", {}, label, make("small", {}, what)), field);
  });
  const metre = make("input", { placeholder: "the form’s", autocomplete: "off", spellcheck: false, maxLength: 60 });
  metre.addEventListener("change", () => draft.change(document => { document.metre = metre.value.trim(); }));
  shows.push(() => { metre.value = draft.document.metre; });
  const diction = make("select", {}, ...[["", "as usual"], ["modern", "modern"], ["any", "any"], ["archaic", "archaic"]]
    .map(([value, label]) => new Option(label, value)));
  diction.addEventListener("change", () => draft.change(document => { document.settings.diction = /** @type {any} */ (diction.value || null); }));
  shows.push(() => { diction.value = String(draft.document.settings.diction ?? ""); });
  const show = () => shows.forEach(one => one());
  draft.addEventListener("opened", show);
  draft.addEventListener("changed", show);
  return make("div", { className: "how" }, ...numbers, make("label", { className: "set" }, make("span", {}, "diction"), diction),
    make("label", { className: "set" }, make("span", {}, "metre", make("small", {}, "such as iambic 4")), metre));
}

/** @param {Parts} desk */
function followTheme(desk) { follow(desk, byId("theme"), "theme"); }
