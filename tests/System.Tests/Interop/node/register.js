// The small register that is imported: three sound rows, two with faults.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { all, details, registry, send, within } from './client.js';

const read = file => readFileSync(path.join(process.env.EXCHANGE_REGISTER, file));
const REQUESTS = read('requests.csv');
const SUBJECTS = read('subjects.csv');
export const COLUMNS = REQUESTS.subarray(0, REQUESTS.indexOf('\n') + 1);

export const header = (command_id = randomUUID(), observed_until = '2008-12-31') => ({ header: { command_id, observed_until } });
export const chunk = (data, file = 'REQUESTS') => ({ chunk: { file, data } });

/** In pieces that end within rows and within letters, both files in turns. */
export function upload(piece = 100) {
  const messages = [header()];
  for (let start = 0; start < Math.max(REQUESTS.length, SUBJECTS.length); start += piece) {
    if (start < REQUESTS.length) messages.push(chunk(REQUESTS.subarray(start, start + piece)));
    if (start < SUBJECTS.length) messages.push(chunk(SUBJECTS.subarray(start, start + piece), 'SUBJECTS'));
  }
  return messages;
}

export const remarksOf = remarks => remarks.map(remark => `${remark.severity} ${remark.row} ${remark.field} ${remark.code}`).sort();

export const EXPECTED_REMARKS = [
  'FAULT 4 measures unknown_measure',
  'FAULT 4 requested_state unknown_state',
  'FAULT 4 responded_on bad_date',
  'FAULT 5 responded_on answer_before_transmission',
  'WARNING 6 refusal_ground refusal_without_ground',
];

export const importing = messages => all(send(registry('operator').ImportRegister(within()), messages));

/** The report of an import, or null while the server has not yet let go of one that was broken off. */
export async function importWhole() {
  try {
    return (await importing(upload())).at(-1).report;
  } catch (error) {
    assert.equal(details(error).reason, 'IMPORT_RUNNING');
    return null;
  }
}
