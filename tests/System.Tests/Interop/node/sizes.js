// Large messages.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import { ask, check, details, refused, registry } from './client.js';
import { COLUMNS, chunk, header, importing } from './register.js';

const MEBIBYTE = 1 << 20;

const importOf = size => refused(importing([header(), chunk(Buffer.alloc(size))]));

check('chunk_of_the_largest_size_is_taken', async () => {
  const row = 'BY-2008-900009,,,,,,,,,,,,,,,\n';
  const rows = Math.floor((MEBIBYTE - COLUMNS.length) / row.length);
  const data = Buffer.alloc(MEBIBYTE, '\n');
  COLUMNS.copy(data);
  data.write(row.repeat(rows), COLUMNS.length);
  const report = await ask(registry('operator'), 'CheckRegister', [header(), chunk(data)]);
  assert.deepEqual([report.request_rows, report.faulty, report.remarks.length], [rows, rows, 1000]);
});

check('message_below_the_limit_passes_the_transport', async () => {
  const error = await importOf(4 * MEBIBYTE - 1024);
  assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
  assert.deepEqual(details(error), { reason: 'INVALID_INPUT', fields: ['chunk.data'] });
});

check('message_above_the_limit_is_refused', async () =>
  assert.equal((await importOf(8 * MEBIBYTE)).code, grpc.status.RESOURCE_EXHAUSTED));
