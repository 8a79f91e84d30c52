// Compressed messages. The library hides the headers that tell of it, so they are read where HTTP/2 begins.
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import grpc from '@grpc/grpc-js';
import { ask, check, credentials, open, services } from './client.js';

/** The header grpc-encoding of a call and of its answer. */
async function encodings(algorithm) {
  const seen = [];
  const connect = http2.connect;
  http2.connect = (...parameters) => {
    const session = connect(...parameters);
    const request = session.request;
    session.request = (headers, ...more) => {
      seen.push(headers['grpc-encoding']);
      return request.call(session, headers, ...more).on('response', answer => seen.push(answer['grpc-encoding']));
    };
    return session;
  };
  const client = open(services.exchange.requests.v1.RequestRegistry, credentials('investigator'),
    // With a connection of its own, for those that are open already are not listened to.
    { 'grpc.default_compression_algorithm': algorithm, 'grpc.use_local_subchannel_pool': 1 });
  try {
    // Many times the same, so that compression pays and is not left out.
    const answer = await ask(client, 'ListRequests', { requested_states: Array(1000).fill(['PL', 'DE']).flat() });
    assert.equal(answer.requests.length, 3);
  } finally {
    client.close();
    http2.connect = connect;
  }
  return seen;
}

const { identity, deflate, gzip } = grpc.compressionAlgorithms;

check('gzip_is_read_and_answered_with_gzip', async () => assert.deepEqual(await encodings(gzip), ['gzip', 'gzip']));

check('deflate_is_read', async () => assert.equal((await encodings(deflate))[0], 'deflate'));

check('who_does_not_compress_is_answered_plainly', async () => assert.ok(!(await encodings(identity)).includes('gzip')));
