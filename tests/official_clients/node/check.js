// Calls the emulator with the clients of Node; exits with 1 if an answer is not what the gateways give.
//
// node check.js ADDRESS CASES CATALOGUE…: the address of the emulator, cases.json, and the lists of all operations.
'use strict';

const assert = require('assert');
const { readFileSync } = require('fs');
const TopClient = require('topsdk');
const OtherTopClient = require('node-taobao-topclient').default;

const cases = require('./cases');
const { PopCore, NewGeneration } = require('./gateways');

const CORE = '@alicloud/openapi-core';
const OLDER_CORE = '@alicloud/openapi-client';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf-8'));

const post = (info, path, body) => fetch(`${info.aliyun}/_emulator/${path}`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
});

async function refusalOf(call) {
  try {
    await call();
  } catch (refusal) {
    return refusal;
  }
  throw new assert.AssertionError({ message: 'the call was not refused' });
}

async function wrongSecret(gateway, info) {
  const query = { PoolKey: info.pool_key, PhoneNoX: '17000000001' };
  const refusal = await refusalOf(() => gateway.send('QuerySubsId', '2017-05-25', query));
  assert.strictEqual(refusal.code, 'SignatureDoesNotMatch', refusal.message);
}

async function fault(gateway, info) {
  await post(info, 'faults', { fault: 'throttled', scope: 'app', on: 'BindAxb', times: 1 });
  const refusal = await refusalOf(() => gateway.send('BindAxb', '2017-05-25', { PoolKey: info.pool_key }));
  assert.match(refusal.code, /^Throttling/, refusal.message);
}

// An answer with HTTP 200 and an error code: pop-core throws, the newer ones return it.
async function businessError(gateway, info) {
  const send = () => gateway.send('LockSecretNo', '2017-05-25', { PoolKey: info.pool_key, SecretNo: '17099999999' });
  if (gateway instanceof PopCore) assert.match((await refusalOf(send)).code, /^isv\./);
  else assert.match((await send()).Code, /^isv\./);
}

const top = (info, secret) => {
  const client = new TopClient(info.app_key, secret || info.app_secret, { endpoint: info.top, useValidators: false });
  return (queries) => client.execute('taobao.top.oaid.decrypt',
    { session: info.session, query_list: JSON.stringify(queries) });
};

const otherTop = (info, secret) => {
  const client = new OtherTopClient({ appkey: info.app_key, appsecret: secret || info.app_secret, REST_URL: info.top });
  return (queries) => client.execute('taobao.top.oaid.decrypt',
    { session: info.session, query_list: JSON.stringify(queries) }, 'POST');
};

async function decrypts(client, info) {
  const before = await executed(info);
  const orders = info.orders.slice(0, 20);
  const queries = orders.map((order) => ({ ...order, scene: '1005', secret_no_days: 15 }));
  const receivers = (await client(info)(queries)).receiver_list.receiver;
  assert.deepStrictEqual(receivers.map((receiver) => String(receiver.tid)).sort(), orders.map((order) => order.tid).sort());
  assert(receivers.every((receiver) => receiver.matched === true && receiver.mobile));
  const magic = [{ tid: orders[0].tid, oaid: 'quota-1' }];
  const refusal = await refusalOf(() => client(info)(magic));
  assert.strictEqual(refusal.sub_code, 'isv.decryption-quota-exceeded', refusal.message);
  const unsigned = await refusalOf(() => client(info, 'wrong-secret')(queries));
  assert.strictEqual(Number(unsigned.code), 25, unsigned.message);
  const after = await executed(info);
  return Object.keys(after).filter((name) => after[name] > (before[name] || 0)).length;
}

async function executed(info) {
  const { counts } = await (await fetch(`${info.aliyun}/_emulator/ledger`)).json();
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count.executed]));
}

async function main([address, casesFile, ...catalogues]) {
  const info = await (await fetch(`${address}/_emulator/info`)).json();
  const all = new Set(catalogues.flatMap((path) => readJson(path).operations).map((operation) => operation.action));
  const makers = [
    (secret) => new PopCore(info, secret),
    (secret) => new NewGeneration(info, { core: CORE, secret }),
    (secret) => new NewGeneration(info, { core: CORE, secret, signatureAlgorithm: 'v2' }),
    (secret) => new NewGeneration(info, { core: OLDER_CORE, secret }),
    (secret) => new NewGeneration(info, { core: OLDER_CORE, secret, signatureAlgorithm: 'v2' }),
  ];
  const gateways = makers.map((make) => make());
  const jobs = [];
  gateways.forEach((gateway, index) => {
    const title = `${gateway.name}, signature ${gateway.signature}`;
    readJson(casesFile).forEach((one) => jobs.push([`${title}: ${one.name}`, () => cases.run(one, gateway, info)]));
    jobs.push([`${title}: a wrong secret`, () => wrongSecret(makers[index]('wrong-secret'), info)]);
    jobs.push([`${title}: a fault over the control endpoints`, () => fault(gateway, info)]);
    jobs.push([`${title}: an error code with HTTP 200`, () => businessError(gateway, info)]);
  });
  const others = {};
  Object.entries({ topsdk: top, 'node-taobao-topclient': otherTop }).forEach(([name, client]) => jobs.push(
    [`decryption by ${name}, and refusals`, async () => { others[name] = await decrypts(client, info); }],
  ));

  let failures = 0;
  for (const [name, job] of jobs) {
    try {
      await job();
      console.log(`ok      ${name}`);
    } catch (problem) {
      failures += 1;
      console.log(`FAILED  ${name}\n        ${problem.name}: ${problem.message}`);
    }
  }
  gateways.forEach((gateway) => {
    const missing = [...all].filter((action) => !gateway.tried.has(action));
    if (missing.length > 0 && failures === 0) {
      failures += 1;
      console.log(`FAILED  not tried by ${gateway.name}: ${missing.join(' ')}`);
    }
    console.log(`ACTIONS ${gateway.tried.size} Node ${gateway.name} signature ${gateway.signature}`);
  });
  Object.entries(others).forEach(([name, count]) => console.log(`ACTIONS ${count} Node ${name} signature TOP`));
  console.log(`${failures} checks failed`);
  process.exit(failures === 0 ? 0 : 1);
}

main(process.argv.slice(2));
