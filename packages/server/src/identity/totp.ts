import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps before and after the present one whose codes are taken, for clocks that differ. */
const DRIFT = 1;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new secret of 160 bits, in the base32 that authenticator apps read. */
export function newTotpSecret(): string {
  return base32(randomBytes(20));
}

/** The address that an authenticator app takes a secret from, usually as a QR code. */
export function totpAddress(secret: string, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = `secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`;
  return `otpauth://totp/${label}?${query}`;
}

/**
 * The time step of which this is the code (RFC 6238), looking one step to either side of `now`; undefined when it is none, or of a step
 * not after `lastStep`: a code counts once.
 */
export function totpStep(secret: string, code: string, now: Date, lastStep: number): number | undefined {
  const present = Math.floor(now.getTime() / 1000 / STEP_SECONDS);
  let found: number | undefined;
  for (let step = present - DRIFT; step <= present + DRIFT; step++) {
    const right = timingSafeEqual(Buffer.from(totpCode(secret, step)), sameLength(code));
    if (right && step > lastStep) found ??= step;
  }
  return found;
}

/** The code of a time step. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = digest[digest.length - 1]! & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** Random text of `length` characters with five bits each, none of which is taken for another. */
export function randomBase32(length: number): string {
  return base32(randomBytes(Math.ceil((length * 5) / 8))).slice(0, length);
}

function sameLength(code: string): Buffer {
  return Buffer.from(/^\d{6}$/.test(code) ? code : "------");
}

function base32(bytes: Buffer): string {
  let bits = 0;
  let value = 0;
  let text = "";
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32[(value >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text;
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = ((value << 5) | BASE32.indexOf(letter)) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bytes.push((value >> (bits - 8)) & 0xff);
      bits -= 8;
    }
  }
  return Buffer.from(bytes);
}
