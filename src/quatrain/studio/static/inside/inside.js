/**
 * The Inside pages: an experiment with a few controls, and what it shows. The numbers are the program's.
 *
 * A topic is a module in `topics/` that exports
 *
 *     export function draw(demonstration, view)    what to show, as an array of nodes
 *     export function also(name, value, last)      optional: what else changes with a control, as a state
 *
 * `draw` makes new nodes each time, with `make` (../dom.js), `svg` (tree.js), `grid`, `figure`, `legend` (grid.js),
 * `drawing` (drawing.js), `curves` and `bars` (chart.js). `update` (tree.js) then changes what is on the page to be the same, so
 * that the focus stays and frames slide; nodes are matched by place and tag, and by `data-key` where given. Set
 * handlers as properties (`onclick`), not with addEventListener. No inline styles: the page's policy forbids them;
 * use classes of pictures.css, or attributes of SVG (`fill-opacity`).
 *
 * `view` (`View` in scripts/page/inside.d.ts):
 *
 *     view.width                px that the picture may take; charts are drawn at this width
 *     view.state                the state asked for last; `demonstration.state` is the one that is drawn
 *     view.set(name, value)     change a control; several changes in a row are one question
 *     view.offers(name, value)  whether a control may have a value; a page without a server has some of them
 *     view.field(name)          the field of a control, to place in the picture instead of the row of controls
 *     view.look(name, value)    a number of the view alone, such as the window that is looked at, with its first value
 *     view.turn({name: value})  change such numbers and draw again, without asking the server
 *     view.announce(text)       say a sentence to screen readers, once movement pauses
 *
 * A control of the kind `GridField` has no field of its own: draw it with `drawing`. Add the topic to `TOPICS` below.
 */
import { request, sentence } from "../api.js";
import { byId, make } from "../dom.js";
import { adopt, reachScrolling } from "./adopt.js";
import { Controls, isSlider } from "./controls.js";
import { startDeeds } from "./tools/deeds.js";
import { Exercise } from "./tools/exercise.js";
import { Asker, ask, readTable } from "./source.js";
import { queryOf, readAddress, writeAddress } from "./state.js";
import { startTheme } from "./tools/theme.js";
import { update } from "./tree.js";

/** @type {Record<string, () => Promise<TopicModule>>} */
const TOPICS = {
  convolution: () => import("./topics/convolution.js"),
  pooling: () => import("./topics/pooling.js"),
  cell: () => import("./topics/cell.js"),
  flow: () => import("./topics/flow.js"),
  temperature: () => import("./topics/temperature.js"),
  line: () => import("./topics/line.js"),
  sequences: () => import("./topics/sequences.js"),
};

const QUIET_MS = 700; // after the last change, before a sentence is said to screen readers

/** One Inside page: a topic, its state, and what is drawn of it. */
class Inside {
  /** @param {string} topic @param {TopicModule} module @param {import("./source.js").Table | null} table */
  constructor(topic, module, table) {
    this.topic = topic;
    this.module = module;
    this.table = table;
    /** @type {Demonstration | null} the one that is drawn */
    this.shown = null;
    /** @type {State} */
    this.state = {};
    /** @type {Record<string, number>} */
    this.looks = {};
    /** @type {Controls | null} */
    this.controls = null;
    this.marked = "";
    this.heard = byId("heard");
    this.speaking = 0;
    this.asker = new Asker((state, signal) => ask(table, topic, state, signal), answer => this.take(answer), error => this.fail(error));
    this.exercise = new Exercise(byId("exercise"), table != null);
    const page = this;
    /** @type {View} */
    this.view = {
      get width() { return Math.floor(byId("picture").clientWidth); },
      get state() { return page.state; },
      set: (name, value) => this.change(name, value),
      offers: (name, value) => this.offers(name, value),
      field: name => page.controls?.take(name) ?? make("span"),
      look: (name, value) => this.looks[name] ?? value,
      turn: changes => this.turn(changes),
      announce: text => this.announce(text),
    };
  }

  /** Show the first state, or the one in the address; if that is refused, say why beside the first. */
  async start() {
    const first = await ask(this.table, this.topic, {}), { state, looks } = readAddress(location.search, first.controls);
    this.looks = looks;
    const asked = Object.keys(state).length ? ask(this.table, this.topic, state) : first;
    try {
      this.take(await asked, true);
    } catch (error) {
      this.take(first, true);
      this.fail(error);
    }
    let { width } = this.view;
    new ResizeObserver(() => {
      if (width === this.view.width) return;
      ({ width } = this.view);
      this.draw();
    }).observe(byId("picture"));
  }

  /** Change a control; the question is asked once this turn of the page's work is done. @param {string} name @param {StateValue} value */
  change(name, value) {
    const first = !this.changed;
    this.changed = true;
    this.state = { ...this.state, [name]: value, ...(this.shown && this.module.also?.(name, value, this.shown)) };
    this.controls?.show(this.state);
    if (first) {
      queueMicrotask(() => {
        this.changed = false;
        this.asker.ask(this.state);
      });
    }
  }

  /** Return whether a control may have a value here. @param {string} name @param {StateValue} value */
  offers(name, value) {
    if (this.table) return (this.table.grid[name] ?? []).includes(value);
    const control = this.shown?.controls.find(other => other.name === name);
    return !control || !isSlider(control) || (control.low <= Number(value) && Number(value) <= control.high);
  }

  /**
   * Draw an answer.
   * @param {Demonstration} answer @param {boolean} [first] whether the page has just been opened
   */
  take(answer, first = false) {
    this.shown = answer;
    if (first) this.open(answer);
    const problem = byId("problem");
    if (problem.textContent !== answer.problem) problem.textContent = answer.problem;
    update(byId("sums"), answer.sections.map(({ title, html }) => make("section", { "data-key": title }, make("h2", {}, title), ...adopt(html))));
    this.mark(this.marked);
    this.draw();
    writeAddress(answer, this.looks);
    this.exercise.about(answer.exercise);
    if (!first) this.announce([answer.problem, answer.summary].filter(Boolean).join(" "));
  }

  /** Fill in what stays the same. @param {Demonstration} answer */
  open(answer) {
    document.title = `${answer.title} · Inside · Quatrain`;
    byId("title").textContent = answer.title;
    byId("lead").textContent = answer.lead;
    this.state = answer.state;
    this.controls = new Controls(byId("controls"), answer.controls, {
      change: (name, value) => this.change(name, value), mark: symbol => this.mark(symbol),
    }, this.table?.grid);
    this.controls.show(this.state);
    startDeeds(this);
  }

  draw() {
    if (!this.shown) return;
    const picture = byId("picture");
    const nodes = this.module.draw(this.shown, this.view);
    this.controls?.arrange();
    update(picture, nodes);
    picture.dataset.ready = this.topic;
    requestAnimationFrame(() => reachScrolling(byId("main")));
    picture.dataset.shown = queryOf(this.shown);
  }

  /** Say why there is nothing new; the last drawing stays. @param {unknown} error */
  fail(error) {
    byId("problem").textContent = sentence(error);
  }

  /** @param {Record<string, number>} changes */
  turn(changes) {
    this.looks = { ...this.looks, ...changes };
    this.draw();
    if (this.shown) writeAddress(this.shown, this.looks);
  }

  /** Mark a letter of the formulas, and its numbers; an empty one ends it. @param {string} symbol */
  mark(symbol) {
    this.marked = symbol;
    for (const old of document.querySelectorAll("#sums .hot")) old.classList.remove("hot");
    if (symbol) for (const number of document.querySelectorAll(`#sums .${CSS.escape(`v-${symbol}`)}`)) number.classList.add("hot");
  }

  /** @param {string} text */
  announce(text) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => { this.heard.textContent = text; }, QUIET_MS);
  }
}

/** List the topics, with links to them. @param {string} topic the one that is open */
async function listTopics(topic) {
  const { topics } = /** @type {{ topics: TopicRow[] }} */ (await request("GET", "/api/inside"));
  byId("way").replaceChildren(make("ol", { role: "list" }, ...topics.map(row => make("li", {}, make("a", {
    href: `/inside/${row.topic}`, title: row.lead, ...(row.topic === topic && { "aria-current": "page" }),
  }, row.title)))));
  return topics;
}

/** Open the topic that the address names, or the first one. */
async function begin() {
  startTheme();
  const table = await readTable();
  document.body.classList.toggle("saved", table != null);
  const named = table?.topic ?? decodeURIComponent(location.pathname.split("/")[2] ?? "");
  try {
    const topics = table ? [] : await listTopics(named);
    const topic = named || topics[0]?.topic;
    if (!Object.hasOwn(TOPICS, topic)) throw new Error(`There is no page “${topic}” here. Choose one from the list.`);
    if (!named) return location.replace(`/inside/${topic}${location.search}`);
    await new Inside(topic, await TOPICS[topic](), table).start();
  } catch (error) {
    byId("lead").textContent = "";
    byId("problem").textContent = sentence(error);
  }
}

await begin();
