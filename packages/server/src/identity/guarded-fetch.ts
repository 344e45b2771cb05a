import { lookup as resolveName } from "node:dns";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { BlockList, isIP, isIPv6, type LookupFunction } from "node:net";

/** What fetching from an address came to, when it was not let happen. */
export class AddressForbidden extends Error {}

export interface GuardedFetchOptions {
  /** Hosts, as they stand in an address, that may be on a private network. The loopback interface may where the address itself names it. */
  readonly privateHosts?: ReadonlySet<string>;
  /** Resolves names; the system's resolver when left out. */
  readonly lookup?: typeof resolveName;
}

const LARGEST_BYTES = 1024 * 1024;

/** Networks that nobody on the public internet has an address in, by the registries of special purposes of IANA. */
const PRIVATE = blockList([
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
]);
/** Of IPv6 only what is given out for the public; within it what is for documents, tunnels and the like. */
const PUBLIC_6 = blockList([["2000::", 3]]);
const PRIVATE_6 = blockList([
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
]);
/** No setting opens these: cloud machines give out their own credentials there. */
const NEVER = blockList([
  ["169.254.0.0", 16],
  ["0.0.0.0", 8],
  ["fe80::", 10],
  ["fd00:ec2::", 32],
  ["100.100.100.200", 32],
  ["224.0.0.0", 4],
  ["ff00::", 8],
]);

function blockList(networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, isIPv6(network) ? "ipv6" : "ipv4");
  return list;
}

/** Whether an IP address is one on the public internet. */
export function isPublic(ip: string): boolean {
  const plain = unmapped(ip);
  if (!isIPv6(plain)) return isIP(plain) === 4 && !PRIVATE.check(plain, "ipv4");
  return PUBLIC_6.check(plain, "ipv6") && !PRIVATE_6.check(plain, "ipv6");
}

function isLoopback(ip: string): boolean {
  const plain = unmapped(ip);
  return plain === "::1" || plain.startsWith("127.");
}

/** The IPv4 address in an IPv6 one that stands for it. */
function unmapped(ip: string): string {
  if (!isIPv6(ip)) return ip;
  // The parser of addresses writes every form of it alike.
  const written = new URL(`http://[${ip.split("%")[0]}]`).hostname.slice(1, -1);
  const [, high, low] = /^::(?:ffff:(?:0:)?)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written) ?? [];
  if (high === undefined || low === undefined) return written;
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** Whether a connection to an IP address may be made for a host that an address names. */
function mayConnect(host: string, ip: string, privateHosts: ReadonlySet<string>): boolean {
  const never = NEVER.check(unmapped(ip), isIPv6(unmapped(ip)) ? "ipv6" : "ipv4");
  if (never) return false;
  if (isPublic(ip) || privateHosts.has(host)) return true;
  return isLoopback(ip) && (host === "localhost" || isLoopback(host));
}

/**
 * Fetches a document of at most a mebibyte from a public address and follows no redirect. The address that a name stands for is looked
 * at in the moment of connecting, so that it cannot be another one then. Rejects with AddressForbidden for a private, loopback, link-local
 * or reserved one, unless its host may have it; otherwise as fetch does.
 */
export async function guardedFetch(
  address: URL,
  { signal, headers = {} }: { readonly signal: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
  { privateHosts = new Set(), lookup = resolveName }: GuardedFetchOptions = {},
): Promise<Response> {
  const host = address.hostname.replace(/^\[|\]$/g, "");
  const forbidden = () => new AddressForbidden(`${host} is not an address that may be fetched from`);
  if (isIP(host) !== 0 && !mayConnect(host, host, privateHosts)) throw forbidden();
  const guarded: LookupFunction = (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const refused =
        error ?? (found.every(({ address: ip }) => mayConnect(host, ip, privateHosts)) ? null : forbidden());
      if (refused) return done(refused, "", 0);
      if (options.all) return done(null, found);
      return done(null, found[0]!.address, found[0]!.family);
    });
  };
  const send = address.protocol === "https:" ? requestTls : requestPlain;
  return await new Promise((resolve, reject) => {
    const failed = (error: unknown) =>
      reject(
        error instanceof AddressForbidden || signal.aborted
          ? (signal.reason ?? error)
          : new TypeError("fetch failed", { cause: error }),
      );
    const asked = send(address, { method: "GET", headers, signal, lookup: guarded, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      let size = 0;
      answer.on("data", (piece: Buffer) => {
        size += piece.length;
        pieces.push(piece);
        if (size > LARGEST_BYTES) asked.destroy(new Error("the answer is too large"));
      });
      answer.on("error", failed);
      answer.on("end", () => {
        const status = answer.statusCode ?? 502;
        // A redirect is an answer like any other that is not the document.
        resolve(
          new Response(status === 204 || status === 304 ? null : Buffer.concat(pieces), {
            status: Math.max(status, 200),
          }),
        );
      });
    });
    asked.on("error", failed);
    asked.end();
  });
}
