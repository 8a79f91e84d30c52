// The four kinds of calls.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { all, ask, check, eventually, registry, typeOf, within } from './client.js';
import { EXPECTED_REMARKS, importing, remarksOf, upload } from './register.js';

export const status = () => ask(registry('operator'), 'GetStatus', {});

check('client_stream_checks_a_register_and_stores_nothing', async () => {
  const report = await ask(registry('prosecutor'), 'CheckRegister', upload());
  assert.deepEqual([report.request_rows, report.subject_rows, report.added, report.faulty], [5, 3, 3, 2]);
  assert.deepEqual(remarksOf(report.remarks), EXPECTED_REMARKS);
  assert.equal((await status()).requests, 0);
});

check('bidirectional_import_names_faulty_rows_and_keeps_the_others', async () => {
  const answers = await importing(upload());
  const of = kind => answers.filter(answer => answer.part === kind).map(answer => answer[kind]);
  assert.equal(answers.at(-1).part, 'report');
  assert.deepEqual(remarksOf(of('remark')), EXPECTED_REMARKS);
  const progress = of('progress').at(-1);
  assert.deepEqual([progress.request_rows_read, progress.request_rows_done, progress.subject_rows_read], [5, 5, 3]);
  const [report] = of('report');
  assert.deepEqual([report.added, report.faulty, report.faults, report.warnings, report.subjects], [3, 2, 4, 1, 3]);
});

check('bidirectional_import_again_changes_nothing', async () => {
  const { report } = (await importing(upload(1000))).at(-1);
  assert.deepEqual([report.added, report.corrected, report.unchanged], [0, 0, 3]);
});

check('unary_status_is_read', async () => {
  const answer = await status();
  assert.deepEqual([answer.installation_state, answer.requests], ['BY', 3]);
  assert.ok(answer.build);
});

check('unary_list_goes_page_by_page', async () => {
  const references = [];
  let page_token = '';
  do {
    const page = await ask(registry('investigator'), 'ListRequests', { page_size: 2, page_token, requesting_states: ['BY'] });
    references.push(...page.requests.map(request => request.facts.reference));
    page_token = page.next_page_token;
  } while (page_token);
  assert.deepEqual(references, ['BY-2008-900005', 'BY-2008-900002', 'BY-2008-900001']);
});

check('unary_request_is_shown_without_identities', async () => {
  const shown = await ask(registry('investigator'), 'GetRequest', { name: 'requests/BY-2008-900001' });
  assert.deepEqual(shown, await ask(registry('investigator'), 'GetRequest', { name: shown.name }));
  assert.equal(shown.facts.requesting_authority, 'Генеральная прокуратура');
  assert.deepEqual(shown.facts.answers.map(answer => answer.answered_on), ['2008-06-02']);
  assert.deepEqual(shown.subjects.map(subject => subject.role).sort(), ['SUSPECT', 'VICTIM']);
  assert.ok(shown.subjects.every(subject => subject.identity === null));
});

check('server_stream_reads_the_journal', async () => {
  await eventually(status, answer => answer.sealed_no >= 3 && answer.unsealed === 0);
  const entries = await all(registry('operator').ReadJournal({ view: 'FULL' }, within()));
  // Correlation reads subjects meanwhile, and each reading is an entry too.
  assert.deepEqual(entries.map(entry => entry.sealed_no), entries.map((_, i) => i + 1));
  assert.equal(entries.filter(entry => entry.aggregate.startsWith('requests/')).length, 3);
  for (const entry of entries) {
    assert.deepEqual(entry.entry_hash, createHash('sha256').update(Buffer.of(0)).update(entry.canonical).digest());
    assert.equal(entry.canonical[0], 2);
    const read = typeOf('exchange.requests.v1.JournalEntry').decode(entry.canonical.subarray(17));
    assert.equal(read.aggregate, entry.aggregate);
  }
});
