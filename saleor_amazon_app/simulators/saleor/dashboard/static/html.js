// Builds elements; text is always text, so that nothing an order says becomes markup.

export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child != null));
  return made;
}

export function card(title, ...children) {
  return el("section", { class: "card" }, el("h2", {}, title), ...children);
}

export function pairs(...rows) {
  const shown = rows.filter(([, value]) => value);
  return el("dl", {}, shown.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

export function table(headings, rows, empty) {
  if (!rows.length) return el("p", { class: "quiet" }, empty);
  const head = headings.map((text) => el("th", { scope: "col" }, text));
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": headings[0] },
    el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)),
  );
}

export function row(...cells) {
  return el("tr", {}, cells.map((cell) => el("td", {}, cell)));
}

export function chip(text) {
  const kind = text.toLowerCase().replaceAll("_", "-");
  return el("span", { class: `chip ${kind}` }, words(text));
}

export function words(code) {
  const text = code.replaceAll("_", " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function button(text, act, properties = {}) {
  return el("button", { type: "button", click: act, ...properties }, text);
}

export function toast({ status = "info", title, text, apiMessage }) {
  const shown = el(
    "div",
    { class: `toast ${status}` },
    title ? el("strong", {}, title) : null,
    text ? el("p", {}, text) : null,
    apiMessage ? el("pre", {}, apiMessage) : null,
    button("Dismiss", () => shown.remove()),
  );
  document.getElementById("toasts").append(shown);
  // Errors stay until they are dismissed.
  if (status !== "error") setTimeout(() => shown.remove(), 8000);
}

// A dialog with a form; `submit` tells what went wrong, or nothing.
export function ask(title, fields, { verb, submit }) {
  const problem = el("p", { class: "problem", role: "alert" });
  const form = el(
    "form",
    {
      method: "dialog",
      async submit(event) {
        event.preventDefault();
        problem.textContent = "";
        problem.textContent = (await submit(new FormData(form))) ?? "";
        if (!problem.textContent) dialog.close();
      },
    },
    fields,
    problem,
    el(
      "div",
      { class: "actions" },
      button("Back", () => dialog.close()),
      el("button", { class: "primary" }, verb),
    ),
  );
  const dialog = openDialog(title, form);
}

export function openDialog(title, content, properties = {}) {
  const dialog = el(
    "dialog",
    { "aria-label": title, close: () => dialog.remove(), ...properties },
    el("div", { class: "head" }, el("h2", {}, title), button("Close", () => dialog.close())),
    content,
  );
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
