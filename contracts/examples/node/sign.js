// An officer's signature under an act: ES256 over the byte 0x01 and the serialised act.
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { serialise } from './client.js';

/** Signs with a key, in the name of the certificate that the calls are made with. */
export function signer(certificate, key) {
  const [privateKey, { raw }] = [createPrivateKey(readFileSync(key)), new X509Certificate(readFileSync(certificate))];
  // The very bytes signed go with it, for no other serialisation need be the same.
  return act => {
    const content = Buffer.concat([Buffer.of(1), serialise('exchange.requests.v1.Act', act)]);
    const value = sign('sha256', content, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return { content, value, algorithm: 'ES256', certificate: raw };
  };
}
