#!/usr/bin/env node
// Checks docs/vectors/signing.json and webhooks.json with nothing but Node's own library.
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

function same(one, other) {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function requestOutcome(vector) {
  const off = Math.abs(millis(vector.timestamp) - millis(vector.now));
  if (!(off <= WINDOW_MS)) return 'timestamp';
  const { api_secret: secret, timestamp, method, target, body } = vector;
  const right = sign(secret, timestamp, method, target, body);
  return same(right, vector.signature.toLowerCase()) ? 'good' : 'signature';
}

/** One of those in webhook-signature. `body` is what was received: a string or bytes. */
export function webhookSignature(secret, id, timestamp, body) {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

function webhookOutcome({ secret, id, timestamp, now, body, signature }) {
  const off = /^[0-9]{1,15}$/.test(timestamp) ? Math.abs(timestamp - now) * 1000 : NaN;
  if (!(off <= WINDOW_MS)) return 'timestamp';
  const right = webhookSignature(secret, id, timestamp, body);
  return signature.split(' ').some((each) => same(right, each)) ? 'good' : 'signature';
}

/** Whether all vectors of a file have their outcome, and there are some. */
function check(name, outcome) {
  const file = new URL(`../../docs/vectors/${name}.json`, import.meta.url);
  const { vectors } = JSON.parse(readFileSync(file, 'utf8'));
  const wrong = vectors.filter((vector) => outcome(vector) !== vector.outcome);
  console.log(`javascript: ${vectors.length - wrong.length} of ${vectors.length} ${name} vectors agree`);
  wrong.forEach(({ name: each }) => console.log(`  not: ${each}`));
  return vectors.length > 0 && wrong.length === 0;
}

const good = [check('signing', requestOutcome), check('webhooks', webhookOutcome)];
process.exitCode = good.every(Boolean) ? 0 : 1;
