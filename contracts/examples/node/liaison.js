#!/usr/bin/env node
// What a liaison officer does: hears of letters, confirms and reads them, asks, hands evidence in, answers.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { again, connect, explain, outrun, say, unreachable } from './client.js';
import { download, upload } from './documents.js';
import { signer } from './sign.js';

const USAGE = `node liaison.js --requests https://HOST:PORT --persona STEM --anchor FILE [--signing-key FILE] COMMAND
  watch [--seen FILE]                  hears, confirms, reads and acknowledges; FILE keeps the last number heard
  letter REFERENCE
  ask REFERENCE QUESTION
  upload REFERENCE FILE [--handling H0|H1|H2|H3]
  answer REFERENCE executed|in-part|refused|not-executable [--ground CODE] [--text TEXT] [--final]
         [--measure CODE=done|CODE=GROUND]... [--evidence FILE]... [--handling H0|H1|H2|H3]
  documents REFERENCE
  download DOCUMENT FILE [--case YOUR-CASE]`;
const OUTCOMES = {
  executed: 'OUTCOME_EXECUTED', 'in-part': 'OUTCOME_PARTIALLY_EXECUTED', refused: 'OUTCOME_REFUSED', 'not-executable': 'OUTCOME_NOT_EXECUTABLE',
};
const text = { type: 'string', default: '' };
const several = { type: 'string', multiple: true, default: [] };

const { values: options, positionals: [command, ...words] } = parseArgs({
  allowPositionals: true,
  options: {
    requests: text, persona: text, anchor: text, 'signing-key': text, seen: { type: 'string', default: 'inbox.seen' }, ground: text, text,
    measure: several, final: { type: 'boolean', default: false }, evidence: several, handling: { type: 'string', default: 'H1' }, case: text,
  },
});

const commands = {
  watch: [0, () => watch(options.seen)],
  letter: [1, async reference => showLetter((await request(reference)).name)],
  ask: [2, async (reference, question) => standing(await take(reference, { request_supplement: { question } }))],
  upload: [2, async (reference, file) => console.log((await upload(client, (await request(reference)).name, file, options.handling)).name)],
  answer: [2, async (reference, outcome) => standing(await answer(reference, outcome))],
  documents: [1, documents],
  download: [2, async (name, file) => console.log((await download(client, name, file, options.case ?? '')).sha256.toString('hex'))],
};
const [count, run] = commands[command] ?? [];
const known = run && words.length === count && (command !== 'answer' || words[1] in OUTCOMES);
if (!known || !options.requests || !options.persona || !options.anchor) {
  say(USAGE);
  process.exit(2);
}
const client = connect(options.requests, options.persona, options.anchor);
const sign = signer(`${options.persona}.pem`, options['signing-key'] || `${options.persona}.key`);
try {
  await run(...words);
  process.exit();
} catch (error) {
  say(explain(error));
  process.exit(1);
}

function request(reference) {
  return again(client.requests, 'GetRequest', { name: `requests/${reference.replace(/^requests\//, '')}` });
}

/** Takes a step on the request as it stands. Only steps that bind a state need the signature; it does no harm elsewhere. */
async function take(reference, step, documents = []) {
  for (;;) {
    const seen = await request(reference);
    const act = { request: seen.name, etag: seen.etag, command_id: randomUUID(), ...step };
    try {
      return (await again(client.requests, 'TakeStep', sign(act, documents))).request;
    } catch (error) {
      // A letter that was amended must be read before it is answered, so that ends here.
      if (!outrun(error)) throw error;
      say('Somebody changed the request meanwhile; reading it again.');
    }
  }
}

async function answer(reference, outcome) {
  const { name } = await request(reference);
  const handedIn = [];
  for (const file of options.evidence) handedIn.push(await upload(client, name, file, options.handling));
  const measures = options.measure.map(said => said.split('=', 2))
    .map(([measure, ground]) => ground === 'done' ? { measure, done: true } : { measure, ground });
  const { ground, text, final } = options;
  return take(name, { answer: { outcome: OUTCOMES[outcome], ground, text, measures, final, evidence: handedIn.map(one => one.name) } }, handedIn);
}

async function documents(reference) {
  const { name } = await request(reference);
  for (const document of (await again(client.documents, 'ListDocuments', { request: name })).documents)
    console.log(document.name, document.kind, document.size, document.title);
}

/** Goes on from the number in the file; it alone says what is new. */
async function watch(seen) {
  let number = existsSync(seen) ? Number(readFileSync(seen, 'utf8')) : 0;
  for (;;) {
    const news = client.inbox.WatchInbox({ after_sealed_no: number });
    // Told to the loop too; cancelled after it has ended, the call would throw it with nobody there to catch it.
    news.on('error', () => {});
    try {
      for await (const { sealed_no, item } of news) {
        if (item) await dealWith(item);
        number = sealed_no;
        keep(seen, number);
        if (item) console.log(item.sealed_no, item.step, item.reference, item.status);
      }
    } catch (error) {
      if (!unreachable(error)) throw error;
      say(`The inbox is not reached (${error.details}); going on after ${number}.`);
      await pause(1000);
    } finally {
      news.cancel();
    }
  }
}

/** May come twice for one item, when it was stopped before the number was kept; so each step is taken only if it still can be. */
async function dealWith(item) {
  if (item.step === 'TRANSMIT') {
    if ((await request(item.request)).allowed_steps.includes('CONFIRM_DELIVERY')) await take(item.request, { confirm_delivery: {} });
    await showLetter(item.request);
    if ((await request(item.request)).allowed_steps.includes('ACKNOWLEDGE')) await take(item.request, { acknowledge: {} });
  } else if (item.step === 'AMEND') {
    await showLetter(item.request);
  } else if (item.step === 'PROVIDE_SUPPLEMENT') {
    const { entries } = await again(client.requests, 'GetHistory', { name: item.request });
    say(`  Reply: ${entries.find(entry => entry.version === item.version).act.provide_supplement.reply}`);
  }
}

async function showLetter(name) {
  const { letter } = await again(client.requests, 'GetLetter', { name });
  say(`  ${letter.requesting_authority}, case ${letter.case_number}: ${letter.subject_matter}`);
  say(`  Offence: ${letter.offence}. ${letter.facts_summary}`);
  for (const { measure, details } of letter.measures) say(`  Asked for: ${measure}. ${details}`);
  if (letter.answer_by) say(`  By ${letter.answer_by}: ${letter.answer_by_reason}`);
}

/** Whole or not at all, whenever the machine stops. */
function keep(file, number) {
  writeFileSync(`${file}.new`, String(number));
  renameSync(`${file}.new`, file);
}

function standing({ facts }) {
  console.log(facts.reference, facts.status);
}
