import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../acceptance/testing/folder.ts";

/** What opens a connection to an address: fetch and its likes, the modules of Node that do, the libraries that fetch by themselves. */
const OUTGOING =
  /\bfetch\(|\bnew (?:WebSocket|EventSource)\(|from "(?:node:(?:http2?|https|tls|dns|dgram)(?:\/\w+)?|undici)"|createRemoteJWKSet\(|\bconnect\([^)]*\bhost\b/;

test("the server fetches the keys of the issuer that its operator names, and nothing that people write down", () => {
  const fetching = ["server", "analysis", "domain"].flatMap((name) => {
    const folder = join(ROOT, "packages", name, "src");
    return (readdirSync(folder, { recursive: true }) as string[])
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !/(^|\/)testing(\/|\.ts$)/.test(file))
      .filter((file) => OUTGOING.test(readFileSync(join(folder, file), "utf8")))
      .map((file) => `${name}/${file}`);
  });
  // The one way out, which holds every address against private networks, redirects and rebinding; and who goes it.
  expect(fetching.sort()).toEqual(["server/identity/guarded-fetch.ts", "server/identity/outside-tokens.ts"]);
});
