// Starts the scripts of the design system, and the pickers on pages that have one. Everything works
// without them.

import { initAll } from "./govuk-frontend.js";

initAll();

if (document.querySelector("[data-terms]")) {
  const { startPickers } = await import("./condition-picker.js");
  startPickers();
}

// Every browser has a way to print of its own; with scripts there is a button for it as well.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
