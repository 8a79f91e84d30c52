// The standard health service. Any officer may ask, from any state.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import { ask, check, health, refused, within } from './client.js';

const stub = () => health('liaison-pl');

check('health_is_checked', async () => {
  for (const service of ['', 'exchange.requests.v1.RequestRegistry'])
    assert.equal((await ask(stub(), 'Check', { service })).status, 'SERVING');
  assert.equal((await refused(ask(stub(), 'Check', { service: 'no.such.Service' }))).code, grpc.status.NOT_FOUND);
});

check('health_is_watched', async () => {
  for (const [service, expected] of [['', 'SERVING'], ['no.such.Service', 'SERVICE_UNKNOWN']]) {
    const answers = stub().Watch({ service }, within());
    const { value } = await answers[Symbol.asyncIterator]().next();
    assert.equal(value.status, expected);
    answers.on('error', error => assert.equal(error.code, grpc.status.CANCELLED));
    answers.cancel();
  }
});
