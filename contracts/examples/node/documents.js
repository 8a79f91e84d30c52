// Documents up and down, in pieces that survive a broken connection.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { again, say, unreachable } from './client.js';

const PIECE = 256 * 1024;
// Breaks in a row without a byte arriving in between, after which it gives up.
const PATIENCE = 10;
const MEDIA_TYPES = { '.pdf': 'application/pdf', '.txt': 'text/plain', '.jpg': 'image/jpeg', '.png': 'image/png', '.csv': 'text/csv' };

/**
 * Hands evidence in and returns the document. The id is made of what is handed in, so the same file again, in another run
 * too, is the same upload and goes on where that one broke off.
 */
export async function upload({ documents }, request, file, handling_code) {
  const { size } = await stat(file);
  const [title, sha256] = [path.basename(file), await hashOf(file)];
  let at = await again(documents, 'BeginUpload', {
    request, command_id: idOf(request, title, handling_code, sha256.toString('hex')), kind: 'EVIDENCE', title,
    media_type: MEDIA_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream', size, sha256, handling_code,
  });
  for (let breaks = 0; !at.document && at.received < size;) {
    say(`${title}: from byte ${at.received} of ${size}`);
    const before = at.received;
    try {
      at = await sendPieces(documents, file, at);
    } catch (error) {
      if (!unreachable(error)) throw error;
      say(`${title}: the connection broke (${error.details})`);
      at = await again(documents, 'GetUpload', { name: at.name });
      breaks = at.received === before ? breaks + 1 : 0;
      if (breaks === PATIENCE) throw error;
    }
  }
  return again(documents, 'CompleteUpload', { name: at.name });
}

/** Reads a document and keeps it only if its hash is that of the document. */
export async function download({ documents }, name, file, case_number) {
  // To those entrusted with the request it is itself the case; others read for one of their state's.
  const purpose = case_number ? 'INVESTIGATION' : 'EXECUTION';
  const [unfinished, sha256] = [`${file}.part`, createHash('sha256')];
  let [at, document, breaks] = [0, null, 0];
  const kept = await open(unfinished, 'w');
  while (!document || at < document.size) {
    try {
      for await (const part of documents.ReadDocument({ name, offset: at, purpose, case_number })) {
        if (part.document) document = part.document;
        if (!part.data) continue;
        await kept.write(part.data);
        sha256.update(part.data);
        at += part.data.length;
      }
    } catch (error) {
      if (!unreachable(error) || ++breaks === PATIENCE) throw error;
      say(`${file}: the connection broke at byte ${at} (${error.details})`);
      await pause(1000);
    }
  }
  await kept.close();
  if (!sha256.digest().equals(document.sha256)) {
    await rm(unfinished);
    throw new Error(`${name} is not what its hash says; it was not kept.`);
  }
  await rename(unfinished, file);
  return document;
}

function sendPieces(documents, file, { name, received }) {
  return new Promise((resolve, reject) => {
    let ended = false;
    const call = documents.UploadPieces((error, answer) => {
      ended = true;
      call.emit('drain');
      if (error) reject(error);
      else resolve(answer);
    });
    write().then(() => call.end(), reject);

    async function write() {
      let offset = received;
      for await (const data of createReadStream(file, { start: received, highWaterMark: PIECE })) {
        if (ended) return;
        const piece = { upload: name, offset, data, sha256: createHash('sha256').update(data).digest() };
        if (!call.write(piece) && !ended) await once(call, 'drain');
        offset += data.length;
      }
    }
  });
}

async function hashOf(file) {
  const sha256 = createHash('sha256');
  for await (const data of createReadStream(file)) sha256.update(data);
  return sha256.digest();
}

// A name-based UUID of version 5 (RFC 9562, 5.5) in the namespace of URLs: the same upload has the same id at every run. Version 8
// belongs to the services.
function idOf(...parts) {
  const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');
  const bytes = createHash('sha1').update(namespace).update(parts.join('\n')).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
