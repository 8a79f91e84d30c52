// Deadlines and cancellation; after each the server serves on.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import { status } from './calls.js';
import { all, check, eventually, health, refused, registry, within } from './client.js';
import { COLUMNS, chunk, header, importWhole } from './register.js';

// Seconds. Short, because it is waited for; long enough to reach the server on a busy machine.
const DEADLINE = 2;

/** A register whose rows are all faulty, of which the end never comes: the server waits for more. */
function unfinishedUpload(options) {
  const call = registry('operator').ImportRegister(options);
  call.write(header());
  call.write(chunk(Buffer.concat([COLUMNS, Buffer.from('BY-2008-900009,,,,,,,,,,,,,,,\n'.repeat(100))])));
  return call;
}

async function cancelledAfter(call, first) {
  const answers = call[Symbol.asyncIterator]();
  first((await answers.next()).value);
  call.cancel();
  const rest = async () => {
    while (!(await answers.next()).done);
  };
  assert.equal((await refused(rest())).code, grpc.status.CANCELLED);
}

check('deadline_ends_a_watch', async () => {
  const error = await refused(all(health('operator').Watch({}, within(DEADLINE))));
  assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
});

check('deadline_ends_an_upload_that_pauses', async () => {
  const error = await refused(all(unfinishedUpload(within(DEADLINE))));
  assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  assert.equal((await eventually(importWhole, report => report)).unchanged, 3);
});

check('cancelled_watch_ends', async () => {
  await cancelledAfter(health('operator').Watch({}), answer => assert.equal(answer.status, 'SERVING'));
  assert.equal((await status()).requests, 3);
});

check('cancelled_upload_stores_nothing', async () => {
  await cancelledAfter(unfinishedUpload(within()), answer => assert.equal(answer.part, 'remark'));
  assert.equal((await eventually(importWhole, report => report)).unchanged, 3);
  assert.equal((await status()).requests, 3);
});

check('cancelled_journal_ends', async () => {
  const entries = registry('operator').ReadJournal({}, within());
  const { value } = await entries[Symbol.asyncIterator]().next();
  assert.equal(value.sealed_no, 1);
  entries.on('error', error => assert.equal(error.code, grpc.status.CANCELLED));
  entries.cancel();
  assert.equal((await status()).requests, 3);
});
