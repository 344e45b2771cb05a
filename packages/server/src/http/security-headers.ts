import { createHash } from "node:crypto";
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

const POLICY = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  // The pages' components size themselves by inline styles; scripts stay strict.
  "style-src": ["'self'", "'unsafe-inline'"],
  "img-src": ["'self'", "data:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'none'"],
};

/** Security headers for everything served. Whether there is TLS is known to the proxy in front, so HSTS is left to it. */
export async function registerSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    strictTransportSecurity: false,
    referrerPolicy: { policy: "no-referrer" },
  });
}

/** The same headers, for answers to what never becomes a request that hooks are run for. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": written(POLICY),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "SAMEORIGIN",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};

/** The policy for a page whose own inline scripts may run, known by their hashes. */
export function policyForPage(html: string): string {
  const scripts = [...html.matchAll(/<script(?:\s[^>]*)?>([\s\S]*?)<\/script>/g)].map(([, source]) => source ?? "");
  const hashes = scripts
    .filter((source) => source !== "")
    .map((source) => `'sha256-${createHash("sha256").update(source).digest("base64")}'`);
  return written({ ...POLICY, "script-src": ["'self'", ...hashes] });
}

function written(policy: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(policy)
    .map(([name, values]) => `${name} ${values.join(" ")}`)
    .join(";");
}
