// Errors, with their details of google.rpc read from the trailer.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import { all, ask, check, details, refused, registry, send, within } from './client.js';
import { header, importing, upload } from './register.js';

const { status } = grpc;

check('every_violation_is_named', async () => {
  const error = await refused(ask(registry('prosecutor'), 'ListRequests',
    { page_size: -1, transmitted_from: 'yesterday', transmitted_to: '2008-13-01' }));
  assert.equal(error.code, status.INVALID_ARGUMENT);
  assert.deepEqual(details(error), { reason: 'INVALID_INPUT', fields: ['page_size', 'transmitted_from', 'transmitted_to'] });
});

check('every_violation_of_a_stream_is_named', async () => {
  const error = await refused(importing([header('not-a-uuid', '2999-01-01')]));
  assert.equal(error.code, status.INVALID_ARGUMENT);
  assert.deepEqual(details(error), { reason: 'INVALID_INPUT', fields: ['header.command_id', 'header.observed_until'] });
});

check('role_that_may_not_is_told_so', async () => {
  const error = await refused(ask(registry('investigator'), 'GetStatus', {}));
  assert.equal(error.code, status.PERMISSION_DENIED);
  assert.deepEqual(details(error), { reason: 'ROLE_NOT_ALLOWED', fields: [] });
});

check('other_states_officer_may_not_import', async () => {
  const error = await refused(all(send(registry('liaison-pl').ImportRegister(within()), upload())));
  assert.equal(error.code, status.PERMISSION_DENIED);
  assert.deepEqual(details(error), { reason: 'ROLE_NOT_ALLOWED', fields: [] });
});

check('request_of_a_register_is_not_found_like_an_absent_one', async () => {
  // The first is addressed to his state, which was told nothing of it on the exchange.
  for (const reference of ['BY-2008-900001', 'BY-2008-900002', 'BY-2008-999999']) {
    const error = await refused(ask(registry('liaison-pl'), 'GetRequest', { name: `requests/${reference}` }));
    assert.equal(error.code, status.NOT_FOUND);
    assert.deepEqual(details(error), { reason: 'REQUEST_NOT_FOUND', fields: [] });
    assert.equal(error.details, `There is no requests/${reference} that you may see.`);
  }
});

check('unknown_method_is_unimplemented', async () => {
  const same = bytes => bytes;
  const call = new Promise((resolve, reject) => registry('operator').makeUnaryRequest(
    '/exchange.requests.v1.RequestRegistry/NoSuchMethod', same, same, Buffer.alloc(0),
    new grpc.Metadata(), within(), (error, answer) => error ? reject(error) : resolve(answer)));
  assert.equal((await refused(call)).code, status.UNIMPLEMENTED);
});
