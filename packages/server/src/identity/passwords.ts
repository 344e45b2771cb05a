import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { normalPassword } from "@change-mgmt/domain/identity/password-rule.ts";

/** Work and memory (32 MB) of one hash, as OWASP's password storage advice asks; kept with each hash, so they can be raised. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const KEY_BYTES = 32;
/** Hashes at once; more would take memory and the threads that files need. */
const AT_ONCE = 2;

/** The stored form of a password: `scrypt$N$r$p$salt$key`, salt and key in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, KEY_BYTES, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Whether a password is the hashed one. Without a hash it takes the same work and is false, so that time tells nothing. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, N, r, p, salt, key] = (stored ?? NOBODYS).split("$");
  const wanted = Buffer.from(key!, "base64url");
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const found = await derive(password, Buffer.from(salt!, "base64url"), wanted.length, cost);
  return timingSafeEqual(found, wanted) && stored !== undefined;
}

/** A hash of no password: what is verified for people who have none and for people who do not exist. */
const NOBODYS: string = [
  "scrypt",
  COST.N,
  COST.r,
  COST.p,
  randomBytes(16).toString("base64url"),
  randomBytes(KEY_BYTES).toString("base64url"),
].join("$");

/** Whether so many hashes wait that another would keep its sender waiting too long. */
export function passwordsBusy(): boolean {
  return waiting.length >= MOST_WAITING;
}

const MOST_WAITING = 50;
let running = 0;
const waiting: (() => void)[] = [];

async function derive(
  password: string,
  salt: Buffer,
  bytes: number,
  cost: Pick<ScryptOptions, "N" | "r" | "p">,
): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await new Promise((resolve, reject) =>
      scrypt(normalPassword(password), salt, bytes, { ...cost, maxmem: 128 * 2 ** 20 }, (error, key) =>
        error ? reject(error) : resolve(key),
      ),
    );
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
