#!/usr/bin/env node
// Checks docs/vectors/signing.json with nothing but Node's own library.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

const WINDOW_MS = 300_000;
const TIMESTAMP = /^(\d{4}-\d\d-(\d\d)T\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/;

/** The value of X-Signature. `body` is what is sent: a string or bytes. */
export function sign(apiSecret, timestamp, method, target, body) {
  return createHmac('sha256', apiSecret)
    .update(`${timestamp}\n${method}\n${target}\n`)
    .update(body)
    .digest('hex');
}

/** Milliseconds since the epoch, or NaN. Without an offset it means UTC. */
function millis(timestamp) {
  const [, whole, day, fraction = '', offset = 'Z'] = TIMESTAMP.exec(timestamp) ?? [];
  if (whole === undefined) return NaN;
  // Date takes the 30th of February for the 2nd of March.
  if (new Date(`${whole}Z`).getUTCDate() !== Number(day)) return NaN;
  return Date.parse(`${whole}${offset}`) + Number(`0${fraction}`) * 1000;
}

function outcome(vector) {
  const off = Math.abs(millis(vector.timestamp) - millis(vector.now));
  if (!(off <= WINDOW_MS)) return 'timestamp';
  const { api_secret: secret, timestamp, method, target, body } = vector;
  const right = Buffer.from(sign(secret, timestamp, method, target, body));
  const sent = Buffer.from(vector.signature.toLowerCase());
  return right.length === sent.length && timingSafeEqual(right, sent) ? 'good' : 'signature';
}

const file = new URL('../../docs/vectors/signing.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8'));
const wrong = vectors.filter((vector) => outcome(vector) !== vector.outcome);
console.log(`javascript: ${vectors.length - wrong.length} of ${vectors.length} signing vectors agree`);
wrong.forEach(({ name }) => console.log(`  not: ${name}`));
process.exitCode = wrong.length > 0 || vectors.length === 0 ? 1 : 0;
