const STEPS = [["dialled", "placed"], ["rings", "rings"], ["answered", "answered"], ["released", "released"]];

/** Where a call is at this time of the emulator. */
function phaseOf(call, now) {
  if (call.kind === "message") return "message";
  if (call.refused) return "refused";
  if (now >= Date.parse(call.released)) return "ended";
  if (call.answered && now >= Date.parse(call.answered)) return "talking";
  if (call.rings && now >= Date.parse(call.rings)) return "ringing";
  return "dialling";
}

const NEXT = { dialling: ["toRing", "rings"], ringing: ["toAnswer", "answered"], talking: ["toRelease", "released"] };

function callRow(call) {
  const party = (value, name, label) => (value ? masked(label, value, async () => (await get("details", { call: call.id }))[name]) : el("span", { class: "muted", text: "–" }));
  const steps = call.kind === "message" || call.refused ? [] : STEPS.filter(([, time]) => call[time]);
  const row = el(
    "li",
    { class: "call" },
    el(
      "div",
      { class: "parties" },
      el("span", { class: "phone", "aria-hidden": "true" }),
      party(call.caller, "caller", t("caller")),
      el("span", { class: "arrow", text: "→" }),
      el("span", { class: "number x", text: call.dialled }),
      el("span", { class: "arrow", text: "→" }),
      party(call.called, "called", t("numberB")),
      el("span", { class: "badge phase" }),
    ),
    call.refused && el("p", { class: "hint", text: t(`refusal_${call.refused}`) }),
    steps.length > 0 && el("ol", { class: "steps" }, ...steps.map(([name, time]) => el(
      "li",
      { "data-at": Date.parse(call[time]) },
      el("span", { class: "step-name", "data-text": `step_${name}`, text: t(`step_${name}`) }),
      el("time", { text: chinaTime(Date.parse(call[time])) }),
    ))),
    el("button", { type: "button", class: "small next", click: () => nextStep(call) }),
  );
  row.call = call;
  return row;
}

/** The time of the next step. A call that nobody answers goes on to its end. */
function nextOf(call, phase) {
  const [text, member] = NEXT[phase] ?? [];
  if (!member) return null;
  return call[member] ? { text, at: Date.parse(call[member]) } : { text: "toRelease", at: Date.parse(call.released) };
}

async function nextStep(call) {
  const now = emulatorNow();
  const next = nextOf(call, phaseOf(call, now));
  if (next) await advanceClock(Math.max(1, Math.ceil((next.at - now) / 1000)));
}

function showCall(row) {
  const { call } = row;
  const now = emulatorNow();
  const phase = phaseOf(call, now);
  row.dataset.phase = phase;
  const badge = row.querySelector(".phase");
  badge.className = `badge phase ${{ ended: "plain", refused: "bad", talking: "ok", message: "plain" }[phase] ?? "warn"}`;
  setText(badge, t(`phase_${phase}`));
  for (const step of row.querySelectorAll(".steps li")) step.classList.toggle("done", now >= Number(step.dataset.at));
  const next = nextOf(call, phase);
  const button = row.querySelector(".next");
  button.hidden = !next;
  if (next) {
    setText(button, t(next.text));
    button.title = t("advances", duration(next.at - now));
  }
}

function showCalls({ calls }) {
  const active = calls.filter((call) => ["dialling", "ringing", "talking"].includes(phaseOf(call, emulatorNow())));
  count("calls", calls.length);
  $("tab-calls").classList.toggle("active-call", active.length > 0);
  $("calls-empty").hidden = calls.length > 0;
  keyed($("call-list"), calls, (call) => call.id, callRow, showCall);
}

/** Fills the form with a call to a binding, by B or by whoever may call. */
async function prepareCall(binding) {
  const whole = await attempt(() => get("details", { binding: binding.id }));
  if (!whole) return;
  $("call-x").value = binding.number_x;
  $("call-extension").value = binding.extension ?? "";
  const anybody = ["AXN", "AXN_EXTENSION"].includes(binding.kind) && !whole.number_b;
  const caller = binding.kind === "GXB_700" ? whole.number_a : whole.number_b;
  $("call-caller").value = anybody ? "13900000000" : caller ?? whole.number_a ?? "";
  selectTab("calls");
  $("call-caller").focus();
}

function startCalls() {
  $("call-course").addEventListener("change", () => {
    const isAnswered = $("call-course").value === "answered";
    $("call-rings").disabled = !isAnswered;
    $("call-talks").disabled = !isAnswered;
  });
  $("call-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const body = { caller: $("call-caller").value.trim(), x: $("call-x").value.trim(), course: $("call-course").value };
    if ($("call-extension").value.trim()) body.extension = $("call-extension").value.trim();
    if (body.course === "answered") {
      body.rings_for = Number($("call-rings").value);
      body.talks_for = Number($("call-talks").value);
    }
    attempt(async () => {
      const call = await control("POST", "calls", body);
      if (call.refused) notice(t(`refusal_${call.refused}`), true);
      else notice(t("ringsAt", call.rung.replace(/^(\d{3})\d+(\d{4})$/, "$1****$2"), call.shown.replace(/^(\d{3})\d+(\d{4})$/, "$1****$2")));
    });
  });
}
