import { AddressForbidden, type GuardedFetchOptions, guardedFetch } from "../../identity/guarded-fetch.ts";
import type { ConfiguredMeasure, Measured } from "./measure.ts";

/**
 * Asks an address. As health it is well with 2xx, and not with any other answer or none; as response time it is the seconds until the end of
 * an answer with 2xx, and not known without one.
 */
export async function measureHttp(
  { http, metric }: ConfiguredMeasure,
  options: GuardedFetchOptions & { readonly signal: AbortSignal },
): Promise<Measured> {
  const begun = performance.now();
  const asked = await ask(new URL(http!), options);
  const seconds = (performance.now() - begun) / 1000;
  if (asked.state === "unknown") return { reading: { missing: asked.why } };
  if (metric === "health") return { reading: { value: asked.state === "well" ? 1 : 0 } };
  return { reading: asked.state === "well" ? { value: seconds } : { missing: asked.why } };
}

type Asked = { readonly state: "well" } | { readonly state: "ill" | "unknown"; readonly why: string };

async function ask(address: URL, options: GuardedFetchOptions & { readonly signal: AbortSignal }): Promise<Asked> {
  try {
    const answer = await guardedFetch(address, { signal: options.signal }, options);
    return answer.ok ? { state: "well" } : { state: "ill", why: `${address.host} answered ${answer.status}` };
  } catch (error) {
    if (error instanceof AddressForbidden) return { state: "unknown", why: error.message };
    const { code, syscall } = ((error as Error).cause ?? {}) as { code?: string; syscall?: string };
    // A name that stands for nothing says nothing about what it should stand for.
    if (syscall === "getaddrinfo") return { state: "unknown", why: `${address.host} has no address` };
    return { state: "ill", why: `${address.host} did not answer${code === undefined ? "" : ` (${code})`}` };
  }
}
