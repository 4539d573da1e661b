// The checks, in the order in which they run: each builds on what those before have left.
import assert from "node:assert/strict";

import { isLive, launch, openConsole, send, startEmulator } from "./emulator.mjs";
import { focus, lowContrast, nameless, overflow } from "./measures.mjs";

const folder = process.argv[2] === "--screenshots" ? process.argv[3] : null;
const A = "15000000000";
const B = "15000000001";
const emulator = await startEmulator();
const { info } = emulator;
const origin = info.aliyun;
const pool = info.pool_key;
const browser = await launch();
const page = await openConsole(browser, origin, { timezoneId: "America/New_York" });

const rows = (text) => page.locator("#request-list > li", { hasText: text });
const text = (selector) => page.locator(selector).innerText();
const screenshot = (of, name) => folder && of.screenshot({ path: `${folder}/${name}.png` });
const soon = (check) => page.waitForFunction(check, undefined, { timeout: 8000 });

let x;
const checks = {
  async "an empty console tells what a client needs"() {
    await isLive(page);
    await page.getByRole("heading", { name: "No request yet" }).waitFor();
    await page.locator("#addresses").getByText(info.access_key_id).waitFor();
    const shown = await text("#addresses");
    assert.ok(shown.includes(info.top) && shown.includes(pool), shown);
    assert.ok(!(await page.content()).includes(info.access_key_secret));
    await screenshot(page, "empty");
  },

  async "a binding of the official client appears at once"() {
    const bound = await send(info, "BindAxb", { PoolKey: pool, PhoneNoA: A, PhoneNoB: B, Expiration: "2099-12-31 00:00:00" });
    assert.equal(bound.Code, "OK");
    x = bound.SecretBindDTO.SecretNo;
    await rows("BindAxb").waitFor();
    assert.match(await rows("BindAxb").innerText(), /OK[\s\S]*#1/);
    const binding = page.locator("#pools tbody tr", { hasText: x });
    await binding.waitFor();
    assert.match(await binding.innerText(), /AXB[\s\S]*150\*{4}0000[\s\S]*150\*{4}0001[\s\S]*\d+ d/);
    assert.ok((await text("#pools")).includes("1 of "));
  },

  async "values are masked until each of them is clicked"() {
    await rows("BindAxb").getByRole("button").first().click();
    const detail = rows("BindAxb").locator(".detail");
    await detail.getByText("The signature is right.").waitFor();
    assert.ok((await detail.innerText()).includes("HMAC-SHA1"));
    const html = await page.content();
    for (const value of [A, B, info.access_key_id.concat("%26")]) assert.ok(!html.includes(value), value);
    await detail.getByRole("button", { name: "Show PhoneNoA" }).click();
    await detail.getByText(A, { exact: true }).waitFor();
    assert.ok(!(await page.content()).includes(B));
    await detail.getByRole("button", { name: "Show the values" }).click();
    await detail.getByText(`PhoneNoB%3D${B}`).waitFor();
    await detail.getByRole("button", { name: "Hide the values" }).click();
    assert.ok(!(await page.content()).includes(B));
  },

  async "a call from the page rings, is picked up, and ends; its receipts come"() {
    await page.getByRole("button", { name: `Call ${x}` }).click();
    await page.waitForFunction((caller) => document.getElementById("call-caller").value === caller, B);
    await page.fill("#call-rings", "200");
    await page.fill("#call-talks", "200");
    await page.getByRole("button", { name: "Place the call" }).click();
    const call = page.locator("#call-list > li").first();
    await call.locator(".phase", { hasText: "ringing" }).waitFor();
    await screenshot(page, "call");
    await call.getByRole("button", { name: "Pick up" }).click();
    await call.locator(".phase", { hasText: "talking" }).waitFor();
    await call.getByRole("button", { name: "Hang up" }).click();
    await call.locator(".phase", { hasText: "ended" }).waitFor();
    await page.getByRole("tab", { name: "Receipts" }).click();
    for (const type of ["SecretStartReport", "SecretRingReport", "SecretPickUpReport", "SecretReport"]) {
      await page.locator("#receipt-list > li:not(.coming)", { hasText: type }).waitFor();
      await page.locator("#queues tbody tr", { hasText: type }).waitFor();
    }
    assert.ok(!(await text("#receipts")).includes(B));
    await page.locator("#receipt-list > li", { hasText: "SecretReport" }).getByRole("button").click();
    await page.locator("#receipt-list pre", { hasText: B }).first().waitFor();
  },

  async "a call without a binding tells why nobody is rung"() {
    await page.getByRole("tab", { name: "Calls" }).click();
    await page.fill("#call-caller", "13912345678");
    await page.getByRole("button", { name: "Place the call" }).click();
    const call = page.locator("#call-list > li").first();
    await call.getByText("No binding in force connects this caller through X.").waitFor();
  },

  async "the address of an order is changed from the page"() {
    await page.getByRole("tab", { name: "Orders" }).click();
    const order = page.locator("#order-table tbody tr", { hasText: "2002" });
    await order.getByText("paid").waitFor();
    await order.getByRole("button", { name: "Change the address of order 2002" }).click();
    await page.getByText("Order 2002 has a new oaid and number.").waitFor();
    // The value that is shown is that of the state before, until the page has the next one.
    await page.locator('#order-table tr[data-key="2002"] td[data-mark="en 1"]').waitFor();
    await order.getByRole("button", { name: "Show oaid" }).click();
    const { oaid, address_changes: changes } = (await (await fetch(`${origin}/_emulator/orders/life`)).json())["2002"];
    await order.getByText(oaid, { exact: true }).waitFor();
    assert.deepEqual([changes, oaid === "oaid-2002"], [1, false]);
    await screenshot(page, "orders");
  },

  async "a fault from the page makes the next request fail"() {
    await page.getByRole("tab", { name: "Faults" }).click();
    await page.selectOption("#fault-kind", "error");
    await page.fill("#fault-code", "isp.sys.error");
    await page.selectOption("#fault-on", "QuerySubsId");
    await page.getByRole("button", { name: "Inject" }).click();
    await page.locator("#fault-list tbody tr", { hasText: "QuerySubsId" }).waitFor();
    const query = { PoolKey: pool, PhoneNoX: x };
    assert.equal((await send(info, "QuerySubsId", query)).Code, "isp.sys.error");
    await rows("QuerySubsId").locator(".badge.warn", { hasText: "error" }).waitFor();
    await page.getByText("No fault is injected").waitFor();
    assert.equal((await send(info, "QuerySubsId", query)).Code, "OK");
    await rows("#2").waitFor();
    await page.getByRole("button", { name: "With fault" }).click();
    assert.equal(await page.locator("#request-list > li:visible").count(), 1);
    await page.getByRole("button", { name: /^All/ }).click();
  },

  async "a fault without an end can be cleared"() {
    await page.selectOption("#fault-kind", "unavailable");
    await page.fill("#fault-times", "");
    await page.getByRole("button", { name: "Inject" }).click();
    await page.locator("#fault-list tbody tr", { hasText: "always" }).waitFor();
    await page.getByRole("button", { name: "Clear all" }).click();
    await page.getByText("No fault is injected").waitFor();
    assert.equal((await send(info, "QuerySubsId", { PoolKey: pool, PhoneNoX: x })).Code, "OK");
  },

  async "a client with a wrong secret sees what differs"() {
    const refused = await send(info, "QuerySubscriptionDetail", { PoolKey: pool, SubsId: "1", PhoneNoX: x }, "wrong-secret");
    assert.equal(refused.Status, 400);
    const row = rows("SignatureDoesNotMatch");
    await row.getByRole("button").first().click();
    await row.getByText("The signature differs.").waitFor();
    await row.getByText("Most likely the client has another secret.").waitFor();
    const [received, expected] = await row.locator(".signature .facts code").allInnerTexts();
    assert.match(received, /^[\w+/]{27}=$/);
    assert.match(expected, /^[\w+/]{27}=$/);
    assert.notEqual(received, expected);
    await screenshot(page, "signature");
  },

  async "a client with the secret of the other gateway is told so"() {
    await send(info, "QueryRecordFileDownloadUrl", { PoolKey: pool, CallId: "1", CallTime: "2026-01-01 00:00:00" }, info.app_secret);
    const row = rows("QueryRecordFileDownloadUrl");
    await row.getByRole("button").first().click();
    await row.getByText("The client signed with the secret of another account.").waitFor();
  },

  async "a client that encodes as forms do sees the difference marked"() {
    const { createHmac } = await import("node:crypto");
    const { now } = await (await fetch(`${origin}/_emulator/clock`)).json();
    const parameters = {
      AccessKeyId: info.access_key_id, Action: "QuerySubsId", Format: "JSON", PhoneNoX: x, PoolKey: "a b", SignatureMethod: "HMAC-SHA1",
      SignatureNonce: "form-1", SignatureVersion: "1.0", Timestamp: now.replace(/\.\d+|\+.*/g, "").concat("Z"), Version: "2017-05-25",
    };
    const query = new URLSearchParams(Object.entries(parameters).sort()).toString();
    const key = `${info.access_key_secret}&`;
    const Signature = createHmac("sha1", key).update(`POST&%2F&${encodeURIComponent(query)}`).digest("base64");
    await fetch(origin, { method: "POST", body: new URLSearchParams({ ...parameters, Signature }) });
    await rows("QuerySubsId").nth(3).waitFor();
    const row = rows("SignatureDoesNotMatch").first();
    await row.getByRole("button").first().click();
    await row.getByText("The client encoded as forms do").waitFor();
    assert.ok((await row.locator(".affected").innerText()).includes("PoolKey"));
    await row.getByText("The texts differ inside masked values.").waitFor();
    await row.getByRole("button", { name: "Show the values" }).click();
    await row.locator("mark").first().waitFor();
    assert.deepEqual(await row.locator("mark").allInnerTexts(), ["520", "B"]);
  },

  async "the clock is stopped, moved and set"() {
    await page.getByRole("button", { name: /^Clock/ }).click();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await soon(() => document.getElementById("clock-mode").textContent === "stopped");
    await page.fill("#clock-set", "2099-12-30T00:00:00");
    await page.getByRole("button", { name: "Set and stop" }).click();
    await soon(() => document.getElementById("clock-time").textContent === "2099-12-30 00:00:00");
    await page.getByRole("tab", { name: "Bindings" }).click();
    await page.locator("#pools tbody tr", { hasText: "1 d" }).waitFor();
    await page.getByRole("button", { name: "+1 day" }).click();
    await page.locator("#pools tbody tr.over", { hasText: "ended" }).waitFor();
    await page.getByRole("button", { name: "System time" }).click();
    await soon(() => document.getElementById("clock-mode").textContent === "runs");
    await page.getByRole("button", { name: /^Clock/ }).click();
  },

  async "everything can be done with the keyboard, and the focus is always seen"() {
    await page.focus(".skip");
    const seen = [];
    let hasLeft = false;
    for (let steps = 0; steps < 400 && !hasLeft; steps += 1) {
      await page.keyboard.press("Tab");
      const now = await page.evaluate(focus);
      hasLeft = now.tag === "BODY";
      if (hasLeft) break;
      assert.ok(now.isVisible || now.tag === "MAIN", `no visible focus: ${JSON.stringify(now)}`);
      seen.push(now);
    }
    assert.ok(hasLeft, `the focus is trapped: ${JSON.stringify(seen.at(-1))}`);
    for (const id of ["clock-button", "language", "reset", "search"]) assert.ok(seen.some((one) => one.id === id), id);
    assert.ok(seen.findIndex((one) => one.id === "reset") < seen.findIndex((one) => one.id === "search"));

    await page.focus("#tab-bindings");
    await page.keyboard.press("ArrowRight");
    assert.equal((await page.evaluate(focus)).id, "tab-calls");
    assert.ok(await page.isVisible("#calls") && !(await page.isVisible("#bindings")));
    await page.keyboard.press("End");
    assert.equal((await page.evaluate(focus)).id, "tab-faults");
    await page.keyboard.press("ArrowRight");
    assert.equal((await page.evaluate(focus)).id, "tab-bindings");

    const row = rows("QueryRecordFileDownloadUrl");
    await row.getByRole("button").first().press("Enter");
    assert.equal(await row.locator(".detail").isVisible(), false);
    await page.keyboard.press("Enter");
    await row.getByText("The client signed with").waitFor();
    let now;
    do {
      await page.keyboard.press("Tab");
      now = await page.evaluate(focus);
    } while (!now.isMask);
    await page.keyboard.press("Enter");
    await row.locator(".shown").waitFor();
    assert.equal((await page.evaluate(focus)).tag, "SPAN");

    await page.focus("#reset");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    assert.equal((await page.evaluate(focus)).id, "reset");
    assert.ok(await rows("BindAxb").isVisible());
  },

  async "each control has a name"() {
    for (const tab of await page.getByRole("tab").all()) {
      if (!(await tab.isVisible())) continue;
      await tab.click();
      assert.deepEqual(await page.evaluate(nameless), []);
    }
  },

  async "it is in Chinese or English, and the choice is kept"() {
    const chinese = await openConsole(browser, origin, { locale: "zh-CN" });
    await isLive(chinese);
    assert.equal(await chinese.evaluate(() => document.documentElement.lang), "zh-CN");
    await chinese.getByRole("tab", { name: "话单" }).click();
    await chinese.locator("#request-list > li", { hasText: "QueryRecordFileDownloadUrl" }).getByRole("button").first().click();
    await chinese.getByText("客户端使用了另一个账号的密钥").waitFor();
    await screenshot(chinese, "chinese");
    await chinese.getByRole("button", { name: "English" }).click();
    await chinese.getByText("The client signed with the secret of another account.").waitFor();
    assert.doesNotMatch((await chinese.locator("body").innerText()).replaceAll("中文", ""), /\p{Script=Han}/u);
    await chinese.reload();
    await isLive(chinese);
    assert.equal(await chinese.evaluate(() => document.documentElement.lang), "en");
    assert.deepEqual(chinese.problems, []);
    await chinese.context().close();
  },

  async "it is readable in the dark and in the light"() {
    const grounds = [];
    for (const colorScheme of ["light", "dark"]) {
      const other = await openConsole(browser, origin, { colorScheme });
      await isLive(other);
      await other.locator("#request-list > li", { hasText: "SignatureDoesNotMatch" }).last().getByRole("button").first().click();
      await other.getByText("The signature differs.").waitFor();
      for (const tab of ["bindings", "calls", "receipts", "orders", "faults"]) {
        await other.click(`#tab-${tab}`);
        assert.deepEqual(await other.evaluate(lowContrast), [], `${colorScheme}, ${tab}`);
        await screenshot(other, `${colorScheme}-${tab}`);
      }
      grounds.push(await other.evaluate(() => getComputedStyle(document.documentElement).backgroundColor));
      await other.context().close();
    }
    assert.notEqual(grounds[0], grounds[1]);
  },

  async "a phone of 360 pixels shows everything without scrolling sideways"() {
    for (const locale of ["zh-CN", "en-US"]) {
      const phone = await openConsole(browser, origin, { locale, viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
      await isLive(phone);
      for (const tab of ["requests", "bindings", "calls", "receipts", "orders", "faults"]) {
        await phone.tap(`#tab-${tab}`);
        await phone.locator(`#${tab}`).waitFor();
        if (tab === "requests") {
          for (const name of ["SignatureDoesNotMatch", "BindAxb"]) {
            await phone.locator("#request-list > li", { hasText: name }).first().getByRole("button").first().tap();
          }
          await phone.locator(".parameters").nth(1).waitFor();
        }
        assert.ok((await phone.evaluate(overflow)) <= 0, `${locale}, ${tab}`);
        await screenshot(phone, `phone-${locale}-${tab}`);
      }
      await phone.context().close();
    }
  },

  async "a reset removes everything"() {
    await page.getByRole("button", { name: "Reset", exact: true }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await page.getByRole("heading", { name: "No request yet" }).waitFor();
    await page.getByRole("tab", { name: "Bindings" }).click();
    await page.getByRole("heading", { name: "Nothing is bound" }).waitFor();
    assert.equal((await send(info, "QuerySubsId", { PoolKey: pool, PhoneNoX: x })).Code, "OK");
    await rows("QuerySubsId").waitFor();
  },

  async "the page asks only this server, and breaks no rule of its policy"() {
    assert.deepEqual(page.problems, []);
  },
  async "a lost connection is shown"() {
    emulator.stop();
    await page.getByText("no connection, trying again").waitFor();
  },

  async "a control token is asked for, and kept in the tab"() {
    const guarded = await startEmulator("--control-token", "a-token-of-the-test");
    try {
      const other = await openConsole(browser, guarded.info.aliyun);
      for (const token of ["a-wrong-token", "a-token-of-the-test"]) {
        await other.getByRole("dialog", { name: "Control token" }).waitFor();
        await other.getByLabel("Token", { exact: true }).fill(token);
        await other.keyboard.press("Enter");
      }
      await isLive(other);
      await other.reload();
      await isLive(other);
      assert.equal(await other.getByRole("dialog").count(), 0);
      assert.equal(await other.evaluate(() => localStorage.getItem("token")), null);
      assert.deepEqual(other.problems, []);
    } finally {
      guarded.stop();
    }
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED: ${name}\n${error.stack}`);
    await screenshot(page, `failed-${failed}`);
  }
}
await browser.close();
emulator.stop();
process.exitCode = failed === 0 ? 0 : 1;
