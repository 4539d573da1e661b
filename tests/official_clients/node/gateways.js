// Alibaba Cloud's gateway through the official clients, one class for each generation of them. None of them has a class
// for an operation: each takes the name of any operation, with the parameters of the wire.
'use strict';

const RPCClient = require('@alicloud/pop-core').RPCClient;

const VERSIONS = { Dyplsapi: '2017-05-25', Dybaseapi: '2017-05-25', Dytnsapi: '2020-02-17' };

// The identifier in their answers is a number of 19 digits. JSON.parse, by which the new generation reads an answer,
// changes the last digits: the answer must be read as text.
const LONG_IDENTIFIERS = new Set(['BindAxb700', 'BindGxb700']);

class Gateway {
  constructor(info, secret) {
    this.info = info;
    this.secret = secret || info.access_key_secret;
    this.tried = new Set();
  }

  async call(action, product, parameters) {
    const answer = await this.send(action, VERSIONS[product], parameters);
    this.tried.add(action);
    return answer;
  }
}

// `@alicloud/pop-core`
class PopCore extends Gateway {
  name = '@alicloud/pop-core';

  signature = '1.0';

  async send(action, apiVersion, parameters) {
    const client = new RPCClient({
      accessKeyId: this.info.access_key_id,
      accessKeySecret: this.secret,
      endpoint: this.info.aliyun,
      apiVersion,
      // Codes that are no errors, besides OK and 200.
      codes: ['0', '0000', 'isv.SUBS_NOT_EXIST'],
    });
    // It would send trackNo as TrackNo.
    return client.request(action, structuresAsJson(parameters), { method: 'POST', formatParams: false });
  }
}

// `@alicloud/openapi-core` and `@alicloud/openapi-client`, the core of all clients of the new generation
class NewGeneration extends Gateway {
  constructor(info, { core, signatureAlgorithm, secret }) {
    super(info, secret);
    this.name = core;
    this.signature = signatureAlgorithm === 'v2' ? '1.0' : 'ACS3';
    const { default: Client, Config, Params, OpenApiRequest } = clientOf(core);
    this.Params = Params;
    this.OpenApiRequest = OpenApiRequest;
    this.client = new Client(new Config({
      accessKeyId: info.access_key_id,
      accessKeySecret: this.secret,
      endpoint: info.aliyun.split('://')[1],
      protocol: 'HTTP',
      signatureAlgorithm,
    }));
  }

  async send(action, version, parameters) {
    const params = new this.Params({
      action, version, protocol: 'HTTP', pathname: '/', method: 'POST', authType: 'AK', style: 'RPC',
      reqBodyType: 'formData', bodyType: LONG_IDENTIFIERS.has(action) ? 'string' : 'json',
    });
    const request = new this.OpenApiRequest({ query: structuresAsJson(parameters) });
    const { body } = await this.client.callApi(params, request, runtimeOptions(this.name));
    return typeof body === 'string' ? JSON.parse(body.replace(/:\s*(\d{16,})/g, ':"$1"')) : body;
  }
}

function clientOf(core) {
  const module = require(core);
  return module.$OpenApiUtil ? { ...module.$OpenApiUtil, default: module.default } : module;
}

function runtimeOptions(core) {
  if (core === '@alicloud/openapi-client') return new (require('@alicloud/tea-util').RuntimeOptions)({});
  return new (require('@darabonba/typescript').RuntimeOptions)({});
}

// Lists and objects are sent as JSON, as the clients with classes do it.
function structuresAsJson(parameters) {
  return Object.fromEntries(Object.entries(parameters).map(
    ([name, value]) => [name, [Object, Array].includes(value.constructor) ? JSON.stringify(value) : String(value)],
  ));
}

module.exports = { PopCore, NewGeneration };
