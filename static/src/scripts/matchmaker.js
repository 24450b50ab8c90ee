// Starts the scripts of the design system, and the pickers on pages that have one. Everything works
// without them.

import { initAll } from "./govuk-frontend.js";

initAll();

if (document.querySelector("[data-terms]")) {
  const { startPickers } = await import("./condition-picker.js");
  startPickers();
}
