import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { tokenInvalid } from "./actors.ts";
import { AddressForbidden, type GuardedFetchOptions, guardedFetch } from "./guarded-fetch.ts";
import { type IssuerSettings, isSafeAddress } from "./issuer-settings.ts";

/** Signatures that are taken with an issuer's public keys. */
const ASYMMETRIC = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const CLOCK_SECONDS = 30;
const FETCH_MS = 5000;
/** How long a fetch that failed is not repeated. */
const COOL_DOWN_MS = 30_000;

/** Proves tokens of another system and hands out their claims. */
export interface TokenVerifier {
  /** Refusals: TOKEN_INVALID (the same words whatever is wrong), ISSUER_UNREACHABLE. */
  verify(token: string): Promise<Outcome<JWTPayload>>;
}

/** Whether a token has the form of a JWT; our own never have. */
export function looksLikeJwt(token: string): boolean {
  return /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/.test(token);
}

/** A verifier of an issuer's tokens. Keys are found on first use, kept, and looked for again when a token names one that is not known. */
export function tokenVerifier(
  settings: IssuerSettings,
  coolDownMs: number = COOL_DOWN_MS,
  guard: GuardedFetchOptions = {},
): TokenVerifier {
  const { issuer, audience, sharedSecret, privateHosts } = settings;
  const get: Get = (address, signal, headers = {}) =>
    guardedFetch(address, { signal, headers }, { privateHosts, ...guard });
  const expected = { issuer, audience, clockTolerance: CLOCK_SECONDS, requiredClaims: ["exp"] };
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function findKeys() {
    if (keys) return keys;
    if (Date.now() - failedAt < coolDownMs) throw new Unreachable("it did not answer a moment ago");
    try {
      const address = settings.keysAddress ?? (await discover(issuer, get));
      keys = createRemoteJWKSet(address, {
        cooldownDuration: coolDownMs,
        timeoutDuration: FETCH_MS,
        [customFetch]: (url, { signal, headers }) => get(new URL(url), signal, Object.fromEntries(headers)),
      });
      return keys;
    } catch (error) {
      failedAt = Date.now();
      throw error;
    }
  }

  return {
    async verify(token) {
      try {
        const { alg } = decodeProtectedHeader(token);
        if (alg === "HS256" && sharedSecret) {
          return accept((await jwtVerify(token, sharedSecret, { ...expected, algorithms: ["HS256"] })).payload);
        }
        // Decided before anything is fetched, and never by what the token would like.
        if (alg === undefined || !ASYMMETRIC.includes(alg)) return tokenInvalid();
        return accept((await jwtVerify(token, await findKeys(), { ...expected, algorithms: ASYMMETRIC })).payload);
      } catch (error) {
        if (isUnreachable(error)) return unreachable();
        if (error instanceof errors.JOSEError || error instanceof TypeError) return tokenInvalid();
        throw error;
      }
    },
  };
}

type Get = (address: URL, signal: AbortSignal, headers?: Record<string, string>) => Promise<Response>;

/** Something that stands for the issuer's keys could not be had. */
class Unreachable extends Error {}

/** jose says it with a bare JOSEError when the answer is not a key set, and lets errors of fetch through. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof AddressForbidden) return true;
  if (error instanceof Unreachable || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
    return true;
  if (error instanceof errors.JOSEError) return error.code === "ERR_JOSE_GENERIC";
  return error instanceof TypeError && error.message === "fetch failed";
}

/** Where the issuer's keys are, by its discovery document, which must be its own and point to its own origin. */
async function discover(issuer: string, get: Get): Promise<URL> {
  const address = new URL(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const response = await get(address, AbortSignal.timeout(FETCH_MS)).catch((error: unknown) => {
    throw new Unreachable("no answer", { cause: error });
  });
  const document = response.ok ? await response.json().catch(() => undefined) : undefined;
  const { issuer: named, jwks_uri: keys } = (document ?? {}) as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer || typeof keys !== "string" || !isSafeAddress(keys)) throw new Unreachable("not its document");
  const found = new URL(keys);
  if (found.origin !== new URL(issuer).origin) throw new Unreachable("its keys are elsewhere");
  return found;
}

function unreachable(): Refused {
  return refuse(
    "ISSUER_UNREACHABLE",
    "The keys of the issuer of this token cannot be had at this moment.",
    "Try again in a moment. Whoever runs the server: see docs/operations.md, Signing in.",
  );
}
