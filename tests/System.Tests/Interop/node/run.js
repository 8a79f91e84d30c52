// Runs every check and prints a line of JSON for each. In this order, for the register is imported by the first.
import './calls.js';
import './errors.js';
import './streams.js';
import './metadata.js';
import './gzip_messages.js';
import './sizes.js';
import './health.js';
import './reflection.js';
import './certificates.js';
import { allChecks } from './client.js';

for (const { name, run } of allChecks()) {
  const outcome = { check: name, ok: true };
  try {
    await run();
  } catch (error) {
    Object.assign(outcome, { ok: false, error: `${error.stack} ${JSON.stringify(error.metadata ?? '')}` });
  }
  console.log(JSON.stringify(outcome));
}
// Channels that are still open would keep it alive.
process.exit();
