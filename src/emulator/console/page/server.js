let token = stored(sessionStorage, "token");
let waitingForToken = null;

/** Asks for the control token; several requests share one question. */
function askForToken() {
  waitingForToken ??= new Promise((resolve) => {
    const dialog = $("token-dialog");
    dialog.addEventListener("close", () => {
      token = $("token").value.trim();
      $("token").value = "";
      store(sessionStorage, "token", token);
      waitingForToken = null;
      resolve();
    }, { once: true });
    dialog.showModal();
  });
  return waitingForToken;
}

async function send(path, options = {}) {
  for (;;) {
    const headers = { ...options.headers };
    if (token) headers.Authorization = `Bearer ${token}`;
    const response = await fetch(`/_emulator/${path}`, { ...options, headers, cache: "no-store" });
    if (response.status !== 401) return response;
    await askForToken();
  }
}

/** A control request. A refusal becomes an error with the reason. */
async function control(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const response = await send(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.status);
  return answer;
}

const get = (path, query) => control("GET", `${path}?${new URLSearchParams(query)}`);

/** Reads the events without end, and connects again when the connection is lost. */
async function follow(handlers) {
  let last = "";
  for (let failures = 0; ; failures += 1) {
    try {
      const response = await send("events", { headers: { "Last-Event-ID": last } });
      if (!response.ok) throw new Error((await response.json()).error);
      handlers.connected();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        failures = 0;
        text += value;
        const blocks = text.split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const lines = block.split("\n");
          const field = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          if (!field("event")) continue;
          const data = JSON.parse(field("data"));
          handlers[field("event")]?.(data);
          last = field("id") ?? last;
        }
      }
    } catch (error) {
      handlers.lost(error);
    }
    handlers.lost();
    await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** failures, 5000)));
  }
}
