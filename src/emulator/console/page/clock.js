// The emulator's time: what the server said, and how long ago.
const clock = { base: Date.now(), at: performance.now(), running: true };

const emulatorNow = () => clock.base + (clock.running ? performance.now() - clock.at : 0);

function setClock(now, running) {
  clock.base = Date.parse(now);
  clock.at = performance.now();
  clock.running = running;
  showClock();
}

function showClock() {
  const now = emulatorNow();
  setText($("clock-time"), `${chinaDate(now)} ${chinaTime(now)}`);
  setText($("clock-mode"), t(clock.running ? "clockRuns" : "clockStopped"));
  $("clock-mode").classList.toggle("warn", !clock.running);
  setText($("clock-run"), t(clock.running ? "stopClock" : "runClock"));
}

/** Elements with `data-until` show the time until then. */
function showTimeLeft() {
  const now = emulatorNow();
  for (const element of document.querySelectorAll("[data-until]")) {
    const left = Number(element.dataset.until) - now;
    const text = left > 0 ? duration(left) : t("ended");
    setText(element, element.dataset.phrase && left > 0 ? t(element.dataset.phrase, text) : text);
  }
}

async function changeClock(change) {
  const { now, running } = await control("POST", "clock", change);
  setClock(now, running);
}

async function advanceClock(seconds) {
  await attempt(async () => {
    await changeClock({ advance: seconds });
    notice(t("advanced", duration(seconds * 1000)));
  });
}

function startClock() {
  $("clock-button").addEventListener("click", () => {
    const panel = $("clock-panel");
    panel.hidden = !panel.hidden;
    $("clock-button").setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden) {
      const now = emulatorNow();
      $("clock-set").value = `${chinaDate(now)}T${chinaTime(now)}`;
    }
  });
  $("clock-run").addEventListener("click", () => attempt(() => changeClock({ run: !clock.running })));
  $("clock-system").addEventListener("click", () => attempt(() => changeClock({ now: true })));
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => advanceClock(Number(button.dataset.advance)));
  }
  $("clock-panel").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => changeClock({ set: `${$("clock-set").value.padEnd(19, ":00")}+08:00` }));
  });
}
