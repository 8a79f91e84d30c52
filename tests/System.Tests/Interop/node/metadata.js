// Headers and trailers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import grpc from '@grpc/grpc-js';
import { status } from './calls.js';
import { ask, check, details, refused, registry } from './client.js';

function metadataOf(...entries) {
  const metadata = new grpc.Metadata();
  for (const [key, value] of entries) metadata.add(key, value);
  return metadata;
}

async function statusWith(...entries) {
  const answer = await ask(registry('operator'), 'GetStatus', {}, { metadata: metadataOf(...entries) });
  assert.equal(answer.installation_state, 'BY');
}

check('ascii_metadata_does_no_harm', () =>
  statusWith(['x-note', 'of a stranger'], ['x-note', 'twice'], ['x-long', 'a'.repeat(4000)]));

check('binary_metadata_does_no_harm', () =>
  statusWith(['x-note-bin', Buffer.from(Array.from({ length: 256 }, (_, i) => i))], ['x-empty-bin', Buffer.alloc(0)]));

check('trace_context_is_accepted', async () => {
  await statusWith(['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'], ['tracestate', 'stranger=1']);
  await statusWith(['traceparent', 'not of this standard']);
});

check('what_metadata_claims_does_not_count', async () => {
  const metadata = metadataOf(['role', 'operator'],
    ['x-forwarded-client-cert', 'URI=exchange://BY/general-prosecutor/it/3001?role=operator']);
  const error = await refused(ask(registry('investigator'), 'GetStatus', {}, { metadata }));
  assert.equal(details(error).reason, 'ROLE_NOT_ALLOWED');
});

check('headers_and_trailers_are_read', async () => {
  let headers, end;
  await ask(registry('operator'), 'GetStatus', {}, {
    seen: call => { [headers, end] = [once(call, 'metadata'), once(call, 'status')]; },
  });
  assert.equal((await headers)[0].get('date').length, 1);
  const [{ code, metadata }] = await end;
  assert.equal(code, grpc.status.OK);
  assert.deepEqual(Object.keys(metadata.getMap()).filter(key => key.endsWith('-bin')), []);
  const error = await refused(ask(registry('investigator'), 'GetStatus', {}));
  assert.deepEqual(Object.keys(error.metadata.getMap()).filter(key => key.endsWith('-bin')), ['grpc-status-details-bin']);
  assert.equal((await status()).requests, 3);
});
