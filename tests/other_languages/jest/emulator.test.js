const { spawn } = require('child_process');
const { once } = require('events');
const { createInterface } = require('readline');
const { RPCClient } = require('@alicloud/pop-core');

let program, emulator, client;

beforeAll(async () => {
  program = spawn('privacy-number-emulator', ['--port', '0', '--json', '--quiet']);
  const [line] = await once(createInterface(program.stdout), 'line'); // it is printed when the emulator serves
  emulator = JSON.parse(line);
  client = new RPCClient({
    accessKeyId: emulator.access_key_id,
    accessKeySecret: emulator.access_key_secret,
    endpoint: emulator.aliyun,
    apiVersion: '2017-05-25',
  });
});
afterEach(() => control('reset', {}));
afterAll(() => program.kill());

async function control(path, body) {
  const headers = { 'content-type': 'application/json' };
  const options = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await fetch(`${emulator.aliyun}/_emulator/${path}`, options)).json();
}

const bind = () => client.request('BindAxn', {
  PoolKey: emulator.pool_key, PhoneNoA: '15000000000', Expiration: '2099-01-01 00:00:00',
}, { method: 'POST' });

test('a call rings at the bound number', async () => {
  const number = (await bind()).SecretBindDTO.SecretNo;
  expect((await control('calls', { caller: '15000000001', x: number })).rung).toBe('15000000000');
});

test('the gateway is throttled once', async () => {
  await control('faults', { fault: 'throttled', scope: 'app', on: 'BindAxn', times: 1 });
  await expect(bind()).rejects.toMatchObject({ code: 'Throttling.User' });
  expect((await bind()).Code).toBe('OK');
});
