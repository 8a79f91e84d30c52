// Who is let in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import grpc from '@grpc/grpc-js';
import { PKI, STRANGERS_PKI, ask, check, credentials, open, refused, services } from './client.js';

const read = (...parts) => readFileSync(path.join(...parts));

async function unavailableThrough(channelCredentials) {
  const client = open(services.exchange.requests.v1.RequestRegistry, channelCredentials);
  assert.equal((await refused(ask(client, 'GetStatus', {}))).code, grpc.status.UNAVAILABLE);
  client.close();
}

check('no_certificate_is_refused', () =>
  unavailableThrough(grpc.credentials.createSsl(read(PKI, 'anchors', 'service.pem'))));

check('strangers_certificate_is_refused', () => unavailableThrough(credentials('operator', STRANGERS_PKI)));

check('server_that_the_client_does_not_trust_gets_no_call', () => unavailableThrough(grpc.credentials.createSsl(
  read(STRANGERS_PKI, 'anchors', 'service.pem'), read(PKI, 'personas', 'operator.key'), read(PKI, 'personas', 'operator.pem'))));

check('call_without_tls_is_refused', () => unavailableThrough(grpc.credentials.createInsecure()));
