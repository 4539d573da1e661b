// The emulator, the official client and the browser.
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Starts the emulator; `info` is its first line, which has everything that a client needs. */
export async function startEmulator(...options) {
  // The limit is for the case that this script is killed.
  const arguments_ = ["--json", "--port", "0", "--for", "300", ...options];
  const server = spawn(process.env.EMULATOR, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
  const info = await new Promise((resolve, reject) => {
    let text = "";
    server.stdout.on("data", (data) => {
      text += data;
      if (text.includes("\n")) resolve(JSON.parse(text.split("\n")[0]));
    });
    server.on("exit", () => reject(new Error("the emulator does not start")));
  });
  return { info, server, stop: () => server.kill() };
}

/** Sends a request with the official client. */
export async function send(info, action, parameters, secret = "-") {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const all = ["-W", "ignore", new URL("client.py", import.meta.url).pathname, JSON.stringify(info), secret, action, ...pairs];
  const { stdout } = await promisify(execFile)(process.env.PYTHON, all);
  return JSON.parse(stdout);
}

export const launch = () => chromium.launch({ executablePath: process.env.BROWSER, args: FLAGS });

/** Opens the console in a profile of its own, and records what must not happen. */
export async function openConsole(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, locale: "en-US", ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("console", (message) => {
    // A refused control request is no fault of the page.
    const isRefusal = message.text().includes("the server responded with a status of 4");
    if (message.type() === "error" && !isRefusal) page.problems.push(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) page.problems.push(`it asks for ${url}`);
  });
  await page.goto(`${origin}/_emulator/console`);
  return page;
}

export const isLive = (page) => page.waitForFunction(() => document.body.dataset.connection === "live");
