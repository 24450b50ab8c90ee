// Starts the scripts of the design system. Everything works without them.

import { initAll } from "./govuk-frontend.js";

initAll();
