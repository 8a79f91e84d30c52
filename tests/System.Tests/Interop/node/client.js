// What every check needs: the services of our .proto files, a client as one of the personas, a list of checks.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import protobuf from 'protobufjs';

export const { EXCHANGE_ADDRESS: ADDRESS, EXCHANGE_PKI: PKI, EXCHANGE_STRANGERS_PKI: STRANGERS_PKI } = process.env;
const PROTOS = process.env.EXCHANGE_PROTOS;

// Seconds after which a call has failed; no check measures time.
const PATIENCE = 60;
const REGISTRY = 'exchange/requests/v1/request_registry.proto';

export const LOADING = { includeDirs: [PROTOS], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
export const services = grpc.loadPackageDefinition(loader.loadSync(
  [REGISTRY, 'grpc/health/v1/health.proto', 'grpc/reflection/v1/reflection.proto'], LOADING));

const files = readdirSync(PROTOS, { recursive: true }).filter(file => file.endsWith('.proto'));
const root = new protobuf.Root();
// Those of google/protobuf come with the library.
root.resolvePath = (_, file) => file.startsWith('google/protobuf/') ? file : path.join(PROTOS, file);
root.loadSync(files, { keepCase: true });

/** A message type of our .proto files, for bytes within messages. */
export const typeOf = name => root.lookupType(name);

const checks = [];
export const check = (name, run) => checks.push({ name, run });
export const allChecks = () => checks;

export function credentials(persona, pki = PKI) {
  const stem = path.join(pki, 'personas', persona);
  return grpc.credentials.createSsl(
    readFileSync(path.join(PKI, 'anchors', 'service.pem')), readFileSync(`${stem}.key`), readFileSync(`${stem}.pem`));
}

export const open = (service, channelCredentials, options = {}) =>
  new service(ADDRESS, channelCredentials, { 'grpc.enable_http_proxy': 0, ...options });

const opened = new Map();
function as(persona, service) {
  const key = `${persona} ${service.serviceName}`;
  if (!opened.has(key)) opened.set(key, open(service, credentials(persona)));
  return opened.get(key);
}

export const registry = persona => as(persona, services.exchange.requests.v1.RequestRegistry);
export const health = persona => as(persona, services.grpc.health.v1.Health);
export const reflection = persona => as(persona, services.grpc.reflection.v1.ServerReflection);

export const within = (seconds = PATIENCE) => ({ deadline: Date.now() + seconds * 1000 });

/** A call with one answer; those with a stream of messages get them all, and then its end. */
export function ask(client, method, message, { metadata = new grpc.Metadata(), seconds, seen = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const done = (error, answer) => error ? reject(error) : resolve(answer);
    const streams = Array.isArray(message);
    const call = streams
      ? client[method](metadata, within(seconds), done)
      : client[method](message, metadata, within(seconds), done);
    seen(call);
    if (streams) send(call, message);
  });
}

/** Writes all and says that this was all. */
export function send(call, messages) {
  for (const message of messages) call.write(message);
  call.end();
  return call;
}

/** Every answer of a call that streams them. */
export async function all(call) {
  const answers = [];
  for await (const answer of call) answers.push(answer);
  return answers;
}

/** The error that a call ends with. */
export async function refused(answer) {
  try {
    await answer;
  } catch (error) {
    if (error.code === undefined) throw error;
    return error;
  }
  throw new Error('The call was answered.');
}

/** The google.rpc.Status of the trailer: reason of its ErrorInfo and the fields of its BadRequest. */
export function details(error) {
  const status = typeOf('google.rpc.Status').decode(error.metadata.get('grpc-status-details-bin')[0]);
  assert.equal(status.code, error.code);
  const found = name => {
    const detail = status.details.find(any => any.type_url === `type.googleapis.com/google.rpc.${name}`);
    return detail && typeOf(`google.rpc.${name}`).decode(detail.value);
  };
  const violations = found('BadRequest')?.field_violations ?? [];
  assert.ok(violations.every(violation => violation.description));
  assert.equal(found('ErrorInfo').domain, 'exchange');
  return { reason: found('ErrorInfo').reason, fields: violations.map(violation => violation.field) };
}

/** Asks again until the answer is as wanted. */
export async function eventually(call, holds) {
  const giveUp = Date.now() + PATIENCE * 1000;
  for (;;) {
    const answer = await call();
    if (holds(answer)) return answer;
    assert.ok(Date.now() < giveUp, `Still ${JSON.stringify(answer)}`);
  }
}
