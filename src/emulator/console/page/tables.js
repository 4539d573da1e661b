const count = (name, number) => setText(document.querySelector(`[data-count=${name}]`), number || "");

const partyCell = (binding, party) => {
  const shown = binding[party];
  if (party === "number_a" && shown === null && binding.group_id) return el("span", { text: t("group", binding.group_id) });
  if (shown === null) return el("span", { class: "muted", text: "–" });
  const label = t(party === "number_a" ? "numberA" : "numberB");
  return masked(label, shown, async () => (await get("details", { binding: binding.id }))[party]);
};

const withExtension = (binding) => binding.number_x + (binding.extension ? `-${binding.extension}` : "");

const BINDING_COLUMNS = [
  { text: "kind", cell: (binding) => binding.kind.replaceAll("_", " ") },
  { text: "numberX", class: "number", cell: withExtension },
  { text: "numberA", class: "number", mark: (binding) => binding.number_a, cell: (binding, same) => (same ? undefined : partyCell(binding, "number_a")) },
  { text: "numberB", class: "number", mark: (binding) => binding.number_b, cell: (binding, same) => (same ? undefined : partyCell(binding, "number_b")) },
  {
    text: "ends",
    class: "right",
    mark: (binding) => binding.expires,
    cell: (binding, same) => {
      if (same) return undefined;
      return binding.expires ? el("span", { "data-until": Date.parse(binding.expires) }) : t("never");
    },
  },
  {
    text: "callX",
    class: "right action",
    mark: (binding) => binding.in_force,
    cell: (binding, same) => {
      if (same) return undefined;
      if (!binding.in_force || binding.kind === "XB") return el("span");
      const label = t("callXLabel", withExtension(binding));
      return el("button", { type: "button", class: "small", "aria-label": label, text: t("callX"), click: () => prepareCall(binding) });
    },
  },
];

function showBindings({ pools, bindings }) {
  count("bindings", bindings.in_force);
  $("bindings-empty").hidden = bindings.list.length > 0;
  const ordered = [...pools].sort((first, second) => second.bound - first.bound);
  keyed($("pools"), ordered, (pool) => pool.pool_key + (pool.work_numbers ?? ""), () => el("section", { class: "pool" }, el("h3"), el("div")), (section, pool) => {
    const facts = [t("poolBound", pool.bound, pool.numbers)];
    if (pool.locked > 0) facts.push(t("poolLocked", pool.locked));
    if (pool.work_numbers) facts.push(t("workNumbers"));
    const title = section.firstChild;
    if (!title.firstChild) title.append(el("code", { text: pool.pool_key }), " ", el("span", { class: "muted" }));
    setText(title.lastChild, facts.join(" · "));
    const isOfPool = (binding) => binding.pool_key === pool.pool_key && (binding.kind === "XB") === (pool.work_numbers === true);
    table(section.lastChild, BINDING_COLUMNS, bindings.list.filter(isOfPool), (binding) => binding.id);
  });
  const numbers = [...new Set(bindings.list.filter((binding) => binding.in_force).map(withExtension))];
  keyed($("x-numbers"), numbers, (number) => number, (number) => el("option", { value: number }));
}

function addressButton(tid) {
  const change = () => attempt(async () => {
    await control("POST", "orders/address", { tid });
    notice(t("addressChanged", tid));
  });
  return el("button", { type: "button", class: "small", "aria-label": t("changeAddressLabel", tid), text: t("changeAddress"), click: change });
}

function showOrders({ shops, orders, quotas }) {
  count("orders", orders.total);
  const limit = (number) => number ?? t("unlimited");
  const facts = [
    ["decryption", t(`decryption_${quotas.decryption}`)],
    ["perDay", limit(quotas.decryptions_per_day)],
    ["bought", quotas.purchase_limit === null ? quotas.numbers_bought : t("ofLimit", quotas.numbers_bought, quotas.purchase_limit)],
  ];
  $("quotas").replaceChildren(...facts.flatMap(([name, value]) => [el("dt", { text: t(name) }), el("dd", { text: value })]));
  const used = (shop) => (quotas.decryptions_per_day === null ? shop.decrypted_today : t("ofLimit", shop.decrypted_today, quotas.decryptions_per_day));
  table($("shops"), [
    { text: "shop", cell: (shop) => shop.shop },
    { text: "session", mark: (shop) => shop.expired, cell: (shop) => el("span", { class: `badge ${shop.expired ? "bad" : "ok"}`, text: t(shop.expired ? "sessionExpired" : "sessionValid") }) },
    { text: "orders", class: "right", cell: (shop) => shop.orders },
    { text: "shopCallers", class: "right", cell: (shop) => shop.callers },
    { text: "decryptedToday", class: "right", cell: used },
  ], shops, (shop) => shop.shop);
  setText($("orders-total"), orders.total > orders.list.length ? t("ofLimit", orders.list.length, orders.total) : orders.total);
  const callersCell = (order) => {
    if (order.callers === null) return el("span", { class: "muted", text: "–" });
    if (order.callers === 0) return el("span", { class: "muted", text: t("noCallers") });
    return masked(t("callers"), `${order.callers}`, async () => (await get("details", { order: order.tid })).callers.join(", "));
  };
  table($("order-table"), [
    { text: "tid", class: "number", cell: (order) => order.tid },
    { text: "shop", cell: (order) => order.shop },
    { text: "status", cell: (order) => t(`order_${order.status}`) },
    { text: "numberKind", cell: (order) => t(`kind_${order.kind.replace("+", "_")}`) },
    { text: "callers", class: "right", mark: (order) => order.callers, cell: (order, same) => (same ? undefined : callersCell(order)) },
    { text: "oaid", class: "number", mark: (order) => order.changes, cell: (order, same) => (same ? undefined : masked("oaid", "••••••", async () => (await get("details", { order: order.tid })).oaid)) },
    { text: "address", class: "right action", mark: (order) => order.tid, cell: (order, same) => (same ? undefined : addressButton(order.tid)) },
  ], orders.list, (order) => order.tid);
}

function receiptRow(receipt) {
  const place = el("div", { class: "detail", hidden: true });
  const button = el("button", { type: "button", class: "row", "aria-expanded": "false" });
  button.append(
    el("span", { class: "when", text: chinaTime(Date.parse(receipt.time)) }),
    el("span", { class: "operation", text: receipt.type }),
    el("span", { class: "call-id", text: receipt.call_id ?? "" }),
    el("span", { class: "state" }),
  );
  button.addEventListener("click", () => attempt(async () => {
    if (place.hidden) {
      const { pushed, queued } = await get("details", { receipt: receipt.number });
      const block = (title, value) => el("div", { class: "text-block" }, el("h5", { text: title }), el("pre", { tabindex: "0", text: JSON.stringify(value, null, 2) }));
      place.replaceChildren(block(t("pushes"), pushed), block(t("queues"), queued));
    }
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
  }));
  return el("li", {}, button, place);
}

function showReceipts({ queues, receipts, pushes }) {
  count("receipts", receipts.filter((receipt) => receipt.has_come).length);
  const filled = queues.filter((queue) => queue.visible + queue.hidden > 0);
  table($("queues"), [
    { text: "queueOf", cell: (queue) => queue.type },
    { text: "visible", class: "right", cell: (queue) => queue.visible },
    { text: "hidden", class: "right", cell: (queue) => queue.hidden },
  ], filled, (queue) => queue.name);
  let rest = $("queues").nextElementSibling;
  if (!rest.classList.contains("hint")) {
    rest = el("p", { class: "hint" });
    $("queues").after(rest);
  }
  setText(rest, t("emptyQueues", queues.length - filled.length));
  $("receipts-empty").hidden = receipts.length > 0;
  keyed($("receipt-list"), receipts, (receipt) => receipt.number, receiptRow, (row, receipt) => {
    const [button, state] = [row.firstChild, row.querySelector(".state")];
    button.disabled = !receipt.has_come;
    row.classList.toggle("coming", !receipt.has_come);
    if (receipt.has_come) {
      delete state.dataset.until;
      setText(state, "");
    } else {
      state.dataset.until = Date.parse(receipt.time);
      state.dataset.phrase = "comesIn";
    }
  });
  const { delivered, pending, lost } = pushes.counts;
  setText($("push-counts"), t("pushCounts", delivered, pending, lost, pushes.scheduled_receipts));
  $("pushes-empty").hidden = pushes.pushes.length > 0;
  table($("pushes"), [
    { text: "queueOf", cell: (push) => push.type },
    { text: "status", mark: (push) => push.status, cell: (push) => el("span", { class: `badge ${{ delivered: "ok", lost: "bad" }[push.status] ?? "warn"}`, text: t(`push_${push.status}`) }) },
    { text: "attempts", cell: (push) => push.attempts.map((attempt) => attempt.result).join(", ") },
  ], pushes.pushes, (push) => push.id);
}
