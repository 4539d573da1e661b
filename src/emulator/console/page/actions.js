const faultNamed = (name) => FAULTS.find((fault) => fault.name === name);
const MEMBERS = ["scope", "milliseconds", "code", "bytes", "seconds"];

function showFaultForm() {
  const fault = faultNamed($("fault-kind").value);
  for (const member of MEMBERS) $(`fault-${member}-label`).hidden = !fault.takes.includes(member);
  for (const member of ["on", "times", "after"]) $(`fault-${member}`).disabled = fault.alone === true;
  $("fault-executed-label").hidden = fault.alone === true;
  setText($("fault-about"), pick(fault.about));
}

function faultBody() {
  const fault = faultNamed($("fault-kind").value);
  const body = { fault: fault.name };
  for (const member of fault.takes) {
    const value = $(`fault-${member}`).value;
    body[member] = ["scope", "code"].includes(member) ? value : Number(value);
  }
  if (fault.alone) return body;
  if ($("fault-on").value) body.on = $("fault-on").value;
  if ($("fault-times").value) body.times = Number($("fault-times").value);
  if (Number($("fault-after").value) > 0) body.after = Number($("fault-after").value);
  if ($("fault-executed").checked) body.executed = true;
  return body;
}

function showFaults({ faults }) {
  count("faults", faults.length);
  $("faults-empty").hidden = faults.length > 0;
  $("fault-clear").disabled = false;
  table($("fault-list"), [
    { text: "fault", cell: ({ fault }) => fault.fault },
    { text: "onOperation", cell: ({ fault }) => fault.on ?? t("anyOperation") },
    { text: "left", class: "right", cell: ({ fault }) => fault.left ?? t("always") },
    { text: "applied", class: "right", cell: ({ fault }) => fault.applied },
  ], faults.map((fault, index) => ({ fault, index })), ({ index }) => index);
}

function showOperations(operations) {
  const names = ["", ...operations, "mns", "recording", "upload"];
  const option = (name) => el("option", { value: name, text: name || t("anyOperation") });
  const chosen = $("fault-on").value;
  $("fault-on").replaceChildren(...names.map(option));
  $("fault-on").value = chosen;
}

function startActions() {
  $("fault-kind").replaceChildren(...FAULTS.map(({ name }) => el("option", { value: name, text: name })));
  $("fault-kind").value = "unavailable";
  $("fault-kind").addEventListener("change", showFaultForm);
  $("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => notice(t("injected", (await control("POST", "faults", faultBody())).fault)));
  });
  $("fault-clear").addEventListener("click", () => attempt(async () => {
    await control("DELETE", "faults");
    notice(t("cleared"));
  }));
  $("reset").addEventListener("click", () => {
    $("reset-dialog").returnValue = "";
    $("reset-dialog").showModal();
  });
  $("reset-dialog").addEventListener("close", () => {
    if ($("reset-dialog").returnValue !== "reset") return;
    attempt(async () => {
      await control("POST", "reset");
      notice(t("resetDone"));
    });
  });
}
