const $ = (id) => document.getElementById(id);

const stored = (storage, name) => { try { return storage.getItem(name); } catch { return null; } };
const store = (storage, name, value) => { try { storage.setItem(name, value); } catch { /* private mode */ } };

let language = stored(localStorage, "language") ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

const pick = (pair) => pair[language === "zh" ? 1 : 0];
const t = (name, ...values) => pick(TEXTS[name] ?? [name, name]).replace(/\{(\d)\}/g, (_, index) => values[index]);

/** Creates an element. A function is a listener, `text` the text, everything else an attribute. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const setText = (element, text) => { if (element.textContent !== String(text)) element.textContent = text; };

/** Updates a list in place, so that the focus and what was shown stay. */
function keyed(container, items, key, create, update) {
  const known = new Map([...container.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const id = String(key(item));
    let node = known.get(id);
    known.delete(id);
    if (!node) {
      node = create(item);
      node.dataset.key = id;
    }
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
    update?.(node, item);
  });
  for (const node of known.values()) node.remove();
}

/** A table that is updated in place. A column has a text, and returns the content of its cell as text or element. */
function table(container, columns, items, key) {
  let body = container.querySelector("tbody");
  if (!body) {
    const names = columns.map((column) => el("th", { scope: "col", class: column.class }, el("span", { "data-text": column.text })));
    body = el("tbody");
    container.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, ...names)), body));
  }
  container.hidden = items.length === 0;
  container.querySelectorAll("th span").forEach((cell) => setText(cell, t(cell.dataset.text)));
  const create = () => el("tr", {}, ...columns.map((column) => el("td", { class: column.class })));
  keyed(body, items, key, create, (row, item) => {
    row.classList.toggle("over", item.in_force === false);
    columns.forEach((column, index) => {
      const cell = row.children[index];
      cell.dataset.label = t(column.text);
      const mark = `${language} ${column.mark ? column.mark(item) : ""}`;
      const content = column.cell(item, cell.dataset.mark === mark);
      if (content instanceof Node) cell.replaceChildren(content);
      else if (content !== undefined) setText(cell, content ?? "");
      cell.dataset.mark = mark;
    });
  });
}

/** A button in place of a value. The value is asked for when it is pressed. */
function masked(label, shown, load) {
  const button = el("button", { type: "button", class: "mask", "aria-label": t("show", label), title: t("show", label), text: shown });
  button.addEventListener("click", async () => {
    const value = await attempt(load);
    if (value === undefined) return;
    const text = el("span", { class: "shown", tabindex: "-1", text: value || "–" });
    const hadFocus = document.activeElement === button;
    button.replaceWith(text);
    if (hadFocus) text.focus();
  });
  return button;
}

let noticeTimer;
function notice(text, isBad = false) {
  const element = $("notice");
  element.textContent = text;
  element.classList.toggle("bad", isBad);
  element.classList.add("on");
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { element.classList.remove("on"); element.textContent = ""; }, 6000);
}

/** Runs an action; a failure becomes a notice. */
async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    notice(t("failed", error.message), true);
    return undefined;
  }
}

function duration(milliseconds) {
  let seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const parts = [];
  for (const [name, length] of [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]]) {
    const count = Math.floor(seconds / length);
    seconds -= count * length;
    if (count > 0) parts.push(t(name, count));
  }
  return parts.slice(0, 2).join(" ") || t("second", 0);
}

const two = (number) => String(number).padStart(2, "0");
/** The date in China, as a Date whose UTC fields are the local ones. */
const china = (milliseconds) => new Date(milliseconds + 8 * 3600 * 1000);
const chinaTime = (milliseconds) => {
  const date = china(milliseconds);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
};
const chinaDate = (milliseconds) => {
  const date = china(milliseconds);
  return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
};
