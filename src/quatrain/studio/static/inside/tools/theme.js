/** The switch between the light and the dark page, kept for the next visit. */
import { byId } from "../../dom.js";
import { keep } from "../../panels/parts.js";

/** Let the button change the theme. */
export function startTheme() {
  const root = document.documentElement, button = byId("theme"), system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const show = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Change to the ${isDark() ? "light" : "dark"} page`);
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    keep("theme", root.dataset.theme);
    show();
  });
  system.addEventListener("change", show);
  show();
}
