/** How many requests the list has. */
const MOST_REQUESTS = 500;
const requests = { filter: "all", counts: { all: 0, refused: 0, fault: 0 }, missed: 0, latest: [] };

const isOk = (request) => request.code === "OK";
const belongs = { all: () => true, refused: (request) => !isOk(request), fault: (request) => request.fault !== null };

function isShown(request) {
  const search = $("search").value.trim().toLowerCase();
  const text = `${request.operation} ${request.code} ${request.fault ?? ""} ${request.request_id ?? ""} ${request.shop ?? ""}`;
  return belongs[requests.filter](request) && text.toLowerCase().includes(search);
}

/** The short name; the whole name is in the title. */
const shortOperation = (name) => name.replace(/^(taobao|cainiao)\./, "");

function requestRow(request) {
  const detail = el("div", { class: "detail", id: `request-${request.number}`, hidden: true });
  const button = el(
    "button",
    { type: "button", class: "row", "aria-expanded": "false", "aria-controls": detail.id },
    el("span", { class: "when", text: chinaTime(Date.parse(request.time)) }),
    el(
      "span",
      { class: "verdicts" },
      el("span", { class: `badge ${isOk(request) ? "ok" : "bad"}`, title: request.code, text: request.code }),
      request.fault && el("span", { class: "badge warn", title: request.fault, text: request.fault }),
    ),
    el("span", { class: "operation", title: request.operation, text: shortOperation(request.operation) }),
    el("span", { class: "shop", text: request.shop ?? "" }),
    el("span", { class: `attempt ${request.attempt > 1 ? "again" : ""}`, text: `#${request.attempt}` }),
  );
  button.addEventListener("click", () => {
    detail.hidden = !detail.hidden;
    button.setAttribute("aria-expanded", String(!detail.hidden));
    if (!detail.hidden && !detail.firstChild) showDetail(detail, request.number);
  });
  const row = el("li", {}, button, detail);
  row.request = request;
  row.hidden = !isShown(request);
  return row;
}

function addRequest(request) {
  for (const [name, is] of Object.entries(belongs)) if (is(request)) requests.counts[name] += 1;
  requests.latest.push(request);
}

/** Adds what came since the last frame. */
function showRequests() {
  const list = $("request-list");
  if (requests.latest.length > 0) {
    const rows = requests.latest.splice(0).slice(-MOST_REQUESTS).reverse().map(requestRow);
    list.prepend(...rows);
    while (list.children.length > MOST_REQUESTS) list.lastChild.remove();
  }
  for (const name of Object.keys(belongs)) setText($(`count-${name}`), requests.counts[name]);
  setText(document.querySelector("[data-count=requests]"), requests.counts.all || "");
  $("requests-empty").hidden = list.children.length > 0;
  document.querySelector("#requests .columns").hidden = list.children.length === 0;
  $("nothing-found").hidden = list.children.length === 0 || [...list.children].some((row) => !row.hidden);
  $("missed").hidden = requests.missed === 0;
  setText($("missed"), t("missedRequests", requests.missed));
}

function clearRequests() {
  requests.counts = { all: 0, refused: 0, fault: 0 };
  requests.missed = 0;
  requests.latest = [];
  $("request-list").replaceChildren();
  showRequests();
}

function startRequests() {
  const refilter = () => {
    for (const row of $("request-list").children) row.hidden = !isShown(row.request);
    showRequests();
  };
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => {
      requests.filter = button.dataset.filter;
      for (const other of document.querySelectorAll("[data-filter]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      refilter();
    });
  }
  $("search").addEventListener("input", refilter);
}
