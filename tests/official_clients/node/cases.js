// Runs the cases of cases.json, which the clients of all languages share, through one client.
'use strict';

const assert = require('assert');

async function run(oneCase, gateway, info) {
  const known = startValues(info);
  await take({ post: '/_emulator/reset' }, gateway, known);
  for (const step of oneCase.steps) {
    const answer = await take(step, gateway, known);
    for (const [path, expected] of Object.entries(step.expect || {})) {
      const found = at(answer, fill(path, known));
      assert(agrees(found, fill(expected, known)),
        `${nameOf(step)}: ${path} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
    }
    for (const [name, path] of Object.entries(step.keep || {})) {
      known[name] = at(answer, path);
      assert(known[name] !== null, `${nameOf(step)}: the answer has no ${path}`);
    }
  }
}

// The words that a case may use. All times are those of China.
function startValues(info) {
  const clock = (seconds) => new Date(Date.now() + (8 * 3600 + seconds) * 1000).toISOString().slice(0, 19);
  const unique = `${Date.now()}${String(process.hrtime.bigint()).slice(-3)}`;
  const plain = clock(0).replace(/\D/g, '');
  return {
    pool: info.pool_key,
    queue: info.queues.SecretReport,
    base: info.aliyun,
    expiration: clock(7 * 86400).replace('T', ' '),
    an_hour_ago: clock(-3600).replace('T', ' '),
    china_now: plain,
    china_now_ms: `${plain}000`,
    unique,
    digits: unique.slice(-8),
  };
}

const nameOf = (step) => step.call || step.get || step.post || step.download || step.upload;

async function take(step, gateway, known) {
  const parameters = fill(step.with || {}, known);
  if (step.call) {
    const answer = await gateway.call(step.call, step.product || 'Dyplsapi', parameters);
    const codes = step.code === undefined ? ['OK'] : step.code;
    assert(codes === null || codes.includes(String(answer.Code)), `${step.call}: ${answer.Code} ${answer.Message}`);
    return answer;
  }
  if (step.get || step.post) {
    const options = step.post
      ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(parameters) } : {};
    const response = await fetch(known.base + nameOf(step), options);
    assert(response.ok, `${nameOf(step)}: ${response.status}`);
    return response.json();
  }
  if (step.download) {
    const start = (await (await fetch(fill(step.download, known))).text()).slice(0, step.begins.length);
    assert.strictEqual(start, step.begins);
    return null;
  }
  const form = new FormData();
  Object.entries(parameters).forEach(([name, value]) => form.append(name, value));
  form.append('file', new Blob([Buffer.from(step.file, 'latin1')], { type: 'image/jpeg' }), 'photo.jpg');
  const uploaded = await fetch(fill(step.upload, known), { method: 'POST', body: form });
  assert([200, 201, 204].includes(uploaded.status), await uploaded.text());
  return null;
}

// Puts in the words. A text that is nothing but a word becomes its value, with the type that it has.
function fill(value, known) {
  if (Array.isArray(value)) return value.map((entry) => fill(entry, known));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member, known)]));
  }
  if (typeof value !== 'string') return value;
  if (/^\$\w+$/.test(value)) return known[value.slice(1)];
  return value.replace(/\$(\w+)/g, (_, word) => String(known[word]));
}

function at(value, path) {
  const found = path.split('.').reduce((inner, name) => (inner === null || inner === undefined ? null : inner[name]), value);
  return found === undefined ? null : found;
}

// A text agrees with a number of the same digits: the clients give identifiers as either. `null` is for no value.
function agrees(found, expected) {
  if (expected === null || found === null) return found === expected;
  if (typeof expected === 'boolean') return found === expected;
  if (expected.constructor !== Object) return String(found) === String(expected);
  const [[rule, value]] = Object.entries(expected);
  return {
    begins: () => String(found) !== '' && String(found).startsWith(value),
    has: () => String(found).split(',').includes(String(value)),
    at_least: () => Number(found) >= value,
    size: () => found.length === value,
  }[rule]();
}

module.exports = { run };
