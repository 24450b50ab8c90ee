// Turns a long <select data-condition-picker> into a box that suggests as one types. The select stays in
// the form and keeps its name, so the server sees the same answer with and without this script.

import "./accessible-autocomplete.js";

for (const select of document.querySelectorAll("select[data-condition-picker]")) {
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    // Nothing is chosen for the person: Enter and Tab take only what they went to themselves.
    autoselect: false,
    confirmOnBlur: false,
    showAllValues: true,
    defaultValue: select.selectedOptions[0]?.value ? select.selectedOptions[0].text : "",
    tNoResults: () => select.dataset.noResults,
  });
}
