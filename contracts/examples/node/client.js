// Clients of the Requests service, its message types, and its errors in words.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const PROTOS = process.env.EXCHANGE_PROTOS ?? fileURLToPath(new URL('../../proto', import.meta.url));
const FILES = ['requests/v1/request_registry', 'requests/v1/officer_inbox', 'requests/v1/document_exchange'].map(name => `exchange/${name}.proto`);

if (!existsSync(PROTOS)) throw new Error(`There are no .proto files in ${PROTOS}; set EXCHANGE_PROTOS.`);
const types = loader.loadSync([...FILES, 'google/rpc/status.proto', 'google/rpc/error_details.proto'],
  { includeDirs: [PROTOS], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true });
const { RequestRegistry, OfficerInbox, DocumentExchange } = grpc.loadPackageDefinition(types).exchange.requests.v1;

/** A message as bytes, exactly as a call would send it. */
export const serialise = (type, message) => types[type].serialize(message);

/** The three services a liaison officer uses, called with his certificate. */
export function connect(address, persona, anchor) {
  const credentials = grpc.credentials.createSsl(readFileSync(anchor), readFileSync(`${persona}.key`), readFileSync(`${persona}.pem`));
  // Pings notice a connection that died without a word; a watch would wait on it for ever.
  const options = { 'grpc.enable_http_proxy': 0, 'grpc.keepalive_time_ms': 30_000, 'grpc.max_reconnect_backoff_ms': 10_000 };
  const open = service => new service(new URL(address).host, credentials, options);
  return { requests: open(RequestRegistry), inbox: open(OfficerInbox), documents: open(DocumentExchange) };
}

/** A call with one answer. */
export const ask = (client, method, message) =>
  new Promise((resolve, reject) => client[method](message, (error, answer) => error ? reject(error) : resolve(answer)));

export const unreachable = error => error.code === grpc.status.UNAVAILABLE;
export const outrun = error => error.code === grpc.status.ABORTED && reason(error) === 'CHANGED_MEANWHILE';

/** Makes a call again that did not get through. Only for calls that may be repeated: reading, or with a command id. */
export async function again(client, method, message) {
  for (const seconds of [0.2, 1, 2, 5, 10]) {
    try {
      return await ask(client, method, message);
    } catch (error) {
      if (!unreachable(error)) throw error;
      say(`Not reached (${error.details}); once more.`);
      await pause(seconds * 1000);
    }
  }
  return ask(client, method, message);
}

/** The stable reason, of google.rpc.ErrorInfo; empty for what the gRPC library refuses by itself. */
export const reason = error => detail(error, 'google.rpc.ErrorInfo')?.reason ?? '';

/** An error in words: code, reason, message, and every violation. */
export function explain(error) {
  if (error.code === undefined || !error.metadata) return error.message;
  const violations = detail(error, 'google.rpc.BadRequest')?.field_violations ?? [];
  return [`${grpc.status[error.code]} ${reason(error)}: ${error.details}`,
    ...violations.map(violation => `  ${violation.field}: ${violation.description}`)].join('\n');
}

function detail(error, type) {
  const [trailer] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const found = trailer && types['google.rpc.Status'].deserialize(trailer).details.find(any => any.type_url.endsWith(`/${type}`));
  return found && types[type].deserialize(found.value);
}

/** To the officer; what another program may want goes to the output. */
export const say = text => console.error(text);
