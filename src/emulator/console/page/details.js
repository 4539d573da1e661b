/** Marks where a text first and last differs from another. */
function withDifference(text, other) {
  const least = Math.min(text.length, other.length);
  let start = 0;
  while (start < least && text[start] === other[start]) start += 1;
  let end = 0;
  while (end < least - start && text[text.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  const marked = text.slice(start, text.length - end);
  return [...breakable(text.slice(0, start)), el("mark", { text: marked || "␣" }), ...breakable(text.slice(text.length - end))];
}

/** Lets a line break before each parameter. */
function breakable(text) {
  return text.split(/(?=%26|&)/).flatMap((piece) => [document.createElement("wbr"), piece]);
}

function textBlock(title, text, other) {
  const differs = other !== null && other !== undefined && other !== text;
  return el(
    "div",
    { class: "text-block" },
    el("h5", { text: title }),
    el("pre", { tabindex: "0", "aria-label": title }, ...(differs ? withDifference(text, other) : breakable(text))),
  );
}

/** The texts that were signed, masked or not. */
function signedTexts(signature, isWhole) {
  const blocks = [textBlock(t("gatewayText"), signature.text, signature.client_text)];
  if (signature.client_text !== null) {
    blocks.push(textBlock(t("clientText"), signature.client_text, signature.text));
    if (!isWhole && signature.text === signature.client_text) blocks.push(el("p", { class: "hint", text: t("insideMask") }));
  }
  return blocks;
}

function signatureBlock(number, signature) {
  if (!signature) return el("p", { class: "hint", text: t("noSignature") });
  const isRight = signature.verdict === "matches";
  const block = el(
    "div",
    { class: "signature" },
    el(
      "p",
      { class: `conclusion ${isRight ? "ok" : "bad"}` },
      el("span", { class: "badge plain", text: signature.scheme }),
      ` ${t(`verdict_${signature.verdict}`)}`,
    ),
  );
  if (signature.verdict === "differs") {
    block.append(el("p", { class: "cause", text: t(`mistake_${signature.mistake ?? "unknown"}`) }));
    if (signature.affected.length > 0) {
      block.append(el("p", { class: "affected" }, `${t("shownIn")}: `, el("code", { text: signature.affected.join(", ") })));
    }
  }
  if (signature.sent !== null || signature.expected !== null) {
    const [came, expected] = [signature.sent ?? "", signature.expected];
    const value = (text) => el("dd", {}, text ? el("code", { text }) : t("nothingCame"));
    const list = el("dl", { class: "facts" }, el("dt", { text: t("cameSignature") }), value(came));
    if (!isRight && expected !== null) list.append(el("dt", { text: t("expectedSignature") }), value(expected));
    block.append(list);
  }
  if (signature.text === null) return block;
  const texts = el("div", { class: "texts" }, ...signedTexts(signature, false));
  let isWhole = false;
  const button = el("button", { type: "button", class: "small", "aria-pressed": "false", text: t("showValues") });
  button.addEventListener("click", () => attempt(async () => {
    const whole = isWhole ? signature : await get("requests", { number, part: "signature" });
    isWhole = !isWhole;
    texts.replaceChildren(...signedTexts(whole, isWhole));
    button.setAttribute("aria-pressed", String(isWhole));
    setText(button, t(isWhole ? "hideValues" : "showValues"));
  }));
  block.append(texts, button);
  return block;
}

function parameterList(number, parameters) {
  if (parameters.length === 0) return el("p", { class: "hint", text: t("noParameters") });
  const rows = parameters.map(({ name, value, length }) => {
    const load = async () => (await get("requests", { number, parameter: name })).value;
    const shown = value === null ? masked(name, "•".repeat(Math.min(length, 12)), load) : value || `(${t("empty")})`;
    return el("div", {}, el("dt", { text: name }), el("dd", {}, shown));
  });
  return el("dl", { class: "parameters" }, ...rows);
}

function responseBlock(number, request) {
  if (request.response_length === null) return el("p", { class: "hint", text: t("noResponse") });
  const place = el("div");
  const button = el("button", { type: "button", class: "small", text: t("showResponse") });
  button.addEventListener("click", () => attempt(async () => {
    const { text } = await get("requests", { number, part: "response" });
    place.replaceChildren(el("pre", { tabindex: "0", "aria-label": t("response"), text: indented(text) }));
  }));
  place.append(button);
  return place;
}

function indented(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

async function showDetail(container, number) {
  container.replaceChildren(el("p", { class: "hint", text: t("loading") }));
  const request = await attempt(() => get("requests", { number }));
  if (!request) {
    container.replaceChildren();
    return;
  }
  const fact = (name, value) => [el("dt", { text: t(name) }), el("dd", { text: value })];
  const facts = el(
    "dl",
    { class: "facts" },
    ...fact("operation", request.operation),
    ...(request.kept ? fact("http", `${request.method} ${request.path} → ${request.status}`) : []),
    ...fact("executed", t(request.executed ? "yes" : "no")),
    ...(request.request_id ? fact("requestId", request.request_id) : []),
  );
  if (!request.kept) {
    container.replaceChildren(facts, el("p", { class: "hint", text: t("notKept") }));
    return;
  }
  container.replaceChildren(
    facts,
    el("h4", { text: t("signature") }),
    signatureBlock(number, request.signature),
    el("h4", { text: t("parameters") }),
    parameterList(number, request.parameters),
    el("h4", { text: t("response") }),
    responseBlock(number, request),
  );
}
