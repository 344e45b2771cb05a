import { BlockList, isIP } from "node:net";
import { trustedProxies } from "../../identity/settings.ts";

/** Whether one may sign in as the sample people: never, from this machine, or from everywhere. */
export type SampleOffer = "nobody" | "this machine" | "everybody";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/**
 * Whom a server offers it to. Unless it is said, only to this machine, and only where nobody else can be meant: an embedded store, a
 * loopback address, no proxy in front.
 */
export function sampleOffer(options: {
  readonly host: string;
  readonly databaseUrl?: string;
  readonly sampleSignIn?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}): SampleOffer {
  if (options.sampleSignIn !== undefined) return options.sampleSignIn ? "everybody" : "nobody";
  const alone = options.databaseUrl === undefined && trustedProxies(options.env) === false;
  return alone && isLoopback(options.host) ? "this machine" : "nobody";
}

/** Whether the offer holds for a request: it comes from this machine and addressed it by a name of this machine. */
export function isOffered(offer: SampleOffer, request: { readonly ip?: string; readonly host?: string }): boolean {
  if (offer !== "this machine") return offer === "everybody";
  // A page of another site may have brought its own name to this address.
  return isLoopback(request.ip ?? "") && isLoopback((request.host ?? "").replace(/:\d+$/, ""));
}

function isLoopback(name: string): boolean {
  const bare = name.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (bare === "localhost" || bare.endsWith(".localhost")) return true;
  const version = isIP(bare);
  return version !== 0 && LOOPBACK.check(bare, version === 4 ? "ipv4" : "ipv6");
}
