// Boxes that suggest as one types. The only file that knows accessible-autocomplete.
//
//   <textarea data-terms="id of a datalist" data-add data-remove data-chosen data-no-results>
//
// Several answers, one to a line, known or in people's own words. The textarea stays in the form,
// hidden, and keeps its name, so the server gets the same answer with and without this script.

import "./accessible-autocomplete.js";

// Nothing is chosen for the person: Enter and leaving the box take only what they went to themselves.
// The menu lies over what follows: were it to push it down, a click on a button below would close the
// menu, move the button away under the pointer, and do nothing.
const CAREFUL = { autoselect: false, confirmOnBlur: false, displayMenu: "overlay" };
const SHOWN_AT_ONCE = 10;

export function startPickers() {
  document.querySelectorAll("textarea[data-terms]").forEach((textarea) => new TermsPicker(textarea));
}

// Every word typed must begin a word of the label: "heart fail" finds "Heart failure".
export function matching(labels, typed) {
  const wanted = words(typed);
  return labels.filter((label) =>
    wanted.every((word) => words(label).some((candidate) => candidate.startsWith(word))),
  );
}

function words(text) {
  return text.toLocaleLowerCase().split(/[^\p{Letter}\p{Number}]+/u).filter(Boolean);
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

class TermsPicker {
  constructor(textarea) {
    this.textarea = textarea;
    this.words = textarea.dataset;
    const options = document.getElementById(textarea.dataset.terms).options;
    this.labels = Array.from(options, (option) => option.value);
    this.terms = textarea.value.split("\n").map((line) => line.trim()).filter(Boolean);

    // The label and the error summary point to this id; from now on it is the box one types in.
    this.inputId = textarea.id;
    textarea.id = `${textarea.id}-lines`;
    textarea.style.display = "none";

    this.box = element("div", { className: "mm-terms__box" });
    this.addButton = element("button", {
      type: "button",
      className: "govuk-button govuk-button--secondary mm-terms__add",
      textContent: this.words.add,
    });
    this.heading = element("p", { className: "govuk-body govuk-!-font-weight-bold mm-terms__heading" });
    this.heading.textContent = this.words.chosen;
    this.list = element("ul", { className: "govuk-list mm-terms__chosen" });
    this.status = element("div", { className: "govuk-visually-hidden" });
    this.status.setAttribute("role", "status");
    this.picker = element("div", { className: "mm-terms" });
    this.picker.setAttribute("role", "group");
    const describedBy = textarea.getAttribute("aria-describedby");
    if (describedBy) {
      this.picker.setAttribute("aria-describedby", describedBy);
    }
    const row = element("div", { className: "mm-terms__row" }, this.box, this.addButton);
    this.picker.append(row, this.heading, this.list, this.status);
    textarea.after(this.picker);

    this.addButton.addEventListener("click", () => this.addTyped());
    this.box.addEventListener("keydown", (event) => this.onEnter(event), true);
    textarea.form?.addEventListener("submit", () => this.keep(this.input.value));
    this.renderBox();
    this.renderList();
  }

  get input() {
    return document.getElementById(this.inputId);
  }

  // Enter on what was typed adds it; on a suggestion, which then has the focus, the box does that itself.
  onEnter(event) {
    if (event.key === "Enter" && event.target === this.input && this.input.value.trim()) {
      event.preventDefault();
      event.stopPropagation();
      this.addTyped();
    }
  }

  addTyped() {
    this.add(this.input.value);
  }

  add(term) {
    this.keep(term);
    this.renderBox();
    this.input.focus();
    this.announce();
  }

  keep(term) {
    const tidy = term.trim();
    const known = this.terms.map((each) => each.toLocaleLowerCase());
    if (tidy && !known.includes(tidy.toLocaleLowerCase())) {
      this.terms.push(tidy);
      this.renderList();
    }
  }

  remove(term) {
    this.terms = this.terms.filter((each) => each !== term);
    this.renderList();
    this.input.focus();
    this.announce();
  }

  announce() {
    this.status.textContent = `${this.words.chosen}: ${this.terms.join(", ")}`;
  }

  // The box has no way to be emptied, so a new one takes its place.
  renderBox() {
    const place = element("div");
    this.box.replaceChildren(place);
    window.accessibleAutocomplete({
      ...CAREFUL,
      element: place,
      id: this.inputId,
      name: "",
      source: (typed, show) => show(matching(this.labels, typed).slice(0, SHOWN_AT_ONCE)),
      onConfirm: (label) => label && this.add(label),
      tNoResults: () => this.words.noResults,
    });
  }

  renderList() {
    this.textarea.value = this.terms.join("\n");
    this.heading.hidden = this.terms.length === 0;
    this.list.replaceChildren(...this.terms.map((term) => this.renderTerm(term)));
  }

  renderTerm(term) {
    const remove = element(
      "button",
      { type: "button", className: "mm-link-button" },
      this.words.remove,
      element("span", { className: "govuk-visually-hidden", textContent: ` ${term}` }),
    );
    remove.addEventListener("click", () => this.remove(term));
    return element("li", { className: "mm-terms__term" }, element("span", { textContent: term }), remove);
  }
}
