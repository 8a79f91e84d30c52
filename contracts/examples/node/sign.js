// An officer's signature under an act: ES256 over the byte 0x02 and the serialised statement of the act.
import { createHash, createPrivateKey, randomBytes, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { serialise } from './client.js';

// What acts.proto marks as text, of the acts that a liaison officer takes.
const TEXTS = {
  acknowledge: 'reference', recognise: 'note', start_execution: 'note', request_supplement: 'question', postpone: 'note',
  forward: 'authority', report_status: 'report', return_letter: 'reason', answer: 'text',
};

/** Signs with a key, in the name of the certificate that the calls are made with. Gives the act as TakeStep takes it. */
export function signer(certificate, key) {
  const [privateKey, { raw }] = [createPrivateKey(readFileSync(key)), new X509Certificate(readFileSync(certificate))];
  return (act, documents = []) => {
    const { statement, openings } = split(act);
    // What it hands over is named by the commitment to its content.
    statement.documents = documents.map(({ name, commitment }) => ({ document: name, commitment }));
    // The very bytes signed go with it, for no other serialisation need be the same.
    const content = Buffer.concat([Buffer.of(2), serialise('exchange.requests.v1.ActStatement', withoutEmpty(statement))]);
    const value = sign('sha256', content, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return { act, openings, signature: { content, value, algorithm: 'ES256', certificate: raw } };
  };
}

/** A message without what is empty: this library would write it all the same, and the service takes one form of a statement only. */
function withoutEmpty(value) {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value instanceof Uint8Array) return value;
  const kept = Object.entries(value).filter(([, one]) => one && one.length !== 0);
  return Object.fromEntries(kept.map(([name, one]) => [name, withoutEmpty(one)]));
}

/** The statement, which leaves the text out and commits to it, and the opening of that commitment. */
function split(act) {
  const [step, field] = Object.entries(TEXTS).find(([name, text]) => act[name]?.[text]) ?? [];
  if (!step) return { statement: { act, commitments: [] }, openings: [] };
  const [part, salt, content] = [`${step}.${field}`, randomBytes(32), Buffer.from(act[step][field])];
  const hash = createHash('sha256').update(salt).update(content).digest();
  return {
    statement: { act: { ...act, [step]: { ...act[step], [field]: '' } }, commitments: [{ part, hash }] },
    openings: [{ part, salt, content }],
  };
}
