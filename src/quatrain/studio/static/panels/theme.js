/* Run before the page is drawn, so that no light page flashes before a dark one. */
try {
  const theme = localStorage.getItem("quatrain.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* closed storage: as the system says */ }
