let latest = null;
let run = null;
let operations = [];
let connection = "connecting";

function showState() {
  if (!latest) return;
  showBindings(latest);
  showCalls(latest);
  showReceipts(latest);
  showOrders(latest);
  showFaults(latest);
  showTimeLeft();
}

function showConnection(state) {
  connection = state;
  document.body.dataset.connection = state;
  setText($("link-text"), t(state));
}

/** Writes all texts in the chosen language. */
function showTexts() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `${t("title")} · privacy-number`;
  for (const element of document.querySelectorAll("[data-text]")) setText(element, t(element.dataset.text));
  $("search").placeholder = t("searchRequests");
  $("search").setAttribute("aria-label", t("searchRequests"));
  document.querySelector("nav").setAttribute("aria-label", t("title"));
  $("language").textContent = language === "zh" ? "EN" : "中文";
  $("language").setAttribute("aria-label", language === "zh" ? "English" : "中文");
  $("language").lang = language === "zh" ? "en" : "zh-CN";
  for (const detail of document.querySelectorAll("#request-list .detail")) {
    detail.replaceChildren();
    if (!detail.hidden) showDetail(detail, detail.id.slice("request-".length));
  }
  $("call-list").replaceChildren();
  showOperations(operations);
  showFaultForm();
  showConnection(connection);
  showClock();
  showRequests();
  showState();
}

/** On a wide screen the requests are always beside the other panel. */
const wide = matchMedia("(min-width: 1000px)");
const tabs = [...document.querySelectorAll("[role=tab]")];
let selected = "bindings";

function selectTab(name, focus = false) {
  if (wide.matches && name === "requests") name = "bindings";
  selected = name;
  document.body.dataset.tab = name;
  for (const tab of tabs) {
    const isSelected = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(isSelected));
    tab.tabIndex = isSelected ? 0 : -1;
    const panel = $(tab.getAttribute("aria-controls"));
    panel.hidden = !(isSelected || (wide.matches && panel.id === "requests"));
    if (isSelected && focus) tab.focus();
  }
}

function startTabs() {
  const visible = () => tabs.filter((tab) => !(wide.matches && tab.id === "tab-requests"));
  for (const tab of tabs) {
    tab.addEventListener("click", () => selectTab(tab.id.slice("tab-".length)));
    tab.addEventListener("keydown", (event) => {
      const all = visible();
      const index = all.indexOf(tab);
      const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: all.length - 1 }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      selectTab(all.at(target % all.length).id.slice("tab-".length), true);
    });
  }
  wide.addEventListener("change", () => selectTab(selected));
  selectTab(wide.matches ? "bindings" : "requests");
}

/** What a client needs, for those who have not sent a request yet. */
async function showAddresses() {
  const info = await attempt(() => control("GET", "info"));
  if (!info) return;
  const row = (name, ...values) => [el("dt", { text: name }), el("dd", {}, ...values)];
  const code = (value) => el("code", { text: value });
  const secret = (name, value) => masked(name, "••••••", async () => value);
  $("addresses").replaceChildren(
    ...row("TOP", code(info.top)),
    ...row("app key, secret", code(info.app_key), " ", secret("secret", info.app_secret)),
    ...row("session", secret("session", info.session)),
    ...row("Alibaba Cloud", code(info.aliyun)),
    ...row("AccessKey id, secret", code(info.access_key_id), " ", secret("secret", info.access_key_secret)),
    ...row("PoolKey", code(info.pool_key)),
  );
}

$("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  store(localStorage, "language", language);
  showTexts();
});
startTabs();
startClock();
startRequests();
startCalls();
startActions();
showTexts();
showAddresses();
setInterval(() => {
  showClock();
  showTimeLeft();
  for (const row of $("call-list").children) showCall(row);
}, 250);
let frame = false;
const showSoon = () => {
  if (frame) return;
  frame = true;
  setTimeout(() => { frame = false; showRequests(); }, 30);
};

follow({
  connected: () => showConnection("live"),
  lost: () => showConnection("lost"),
  hello: (data) => {
    const isOther = run !== null && run !== data.run;
    run = data.run;
    operations = data.operations;
    showOperations(operations);
    if (isOther) clearRequests();
  },
  request: (request) => { addRequest(request); showSoon(); },
  missed: ({ count: number }) => { requests.missed += number; showSoon(); },
  cleared: clearRequests,
  state: ({ now, state }) => {
    latest = state;
    setClock(now, state.clock.running);
    showState();
  },
});
