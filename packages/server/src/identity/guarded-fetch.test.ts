import type { lookup } from "node:dns";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AddressForbidden, guardedFetch, isPublic } from "./guarded-fetch.ts";

let server: Server;
let port: number;
let asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    if (request.url === "/away") response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end("moved");
    else if (request.url === "/large") response.end(Buffer.alloc(2 * 1024 * 1024));
    else if (request.url === "/never") response.write("{");
    else response.end('{"here":true}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

/** A resolver that answers each question with the next of these. */
function answering(...answers: string[][]): { lookup: typeof lookup } {
  const left = [...answers];
  const answer = (
    _name: string,
    _options: object,
    done: (error: null, found: { address: string; family: number }[]) => void,
  ) =>
    done(
      null,
      (left.length > 1 ? left.shift()! : left[0]!).map((address) => ({
        address,
        family: address.includes(":") ? 6 : 4,
      })),
    );
  return { lookup: answer as unknown as typeof lookup };
}

const get = (address: string, options: Parameters<typeof guardedFetch>[2] = {}, ms = 5000) =>
  guardedFetch(new URL(address), { signal: AbortSignal.timeout(ms) }, options);

const PRIVATE = [
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "127.8.8.8",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "192.0.0.8",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:10.0.0.1",
  "::ffff:a9fe:a9fe",
  "::127.0.0.1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%eth0",
  "ff02::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "64:ff9b::7f00:1",
  "not an address",
];
const PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.167.1.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"];

test("addresses on the public internet are told from all others, in every form they are written in", () => {
  expect(PRIVATE.filter(isPublic)).toEqual([]);
  expect(PUBLIC.filter((ip) => !isPublic(ip))).toEqual([]);
});

describe("nothing is fetched from", () => {
  test.each([
    ["a private address", "http://10.0.0.1/"],
    ["a metadata service", "http://169.254.169.254/latest/meta-data/"],
    ["an address written as one number", "http://2852039166/"],
    ["an address written in octal", "http://0251.0376.0251.0376/"],
    ["an IPv6 address of the machine's network", "http://[fe80::1]/"],
    ["an IPv4 address inside an IPv6 one", "http://[::ffff:169.254.169.254]/"],
    ["nowhere", "http://0.0.0.0/"],
  ])("%s", async (_what, address) => {
    await expect(get(address)).rejects.toThrow(AddressForbidden);
  });

  test("a name that stands for a private, loopback or link-local address, or for one beside a public one", async () => {
    for (const found of [["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["8.8.8.8", "127.0.0.1"]])
      await expect(get(`http://issuer.example:${port}/`, answering(found))).rejects.toThrow(AddressForbidden);
    expect(asked).toEqual([]);
  });

  test("a name that stood for a public address a moment ago", async () => {
    const rebinding = answering(["127.0.0.1"], ["8.8.8.8"]);
    await expect(get(`http://issuer.example:${port}/`, rebinding)).rejects.toThrow(AddressForbidden);
    expect(asked).toEqual([]);
  });

  test("a link-local address by any setting", async () => {
    const allowed = {
      privateHosts: new Set(["169.254.169.254", "metadata.example"]),
      ...answering(["169.254.169.254"]),
    };
    await expect(get("http://169.254.169.254/", allowed)).rejects.toThrow(AddressForbidden);
    await expect(get("http://metadata.example/", allowed)).rejects.toThrow(AddressForbidden);
  });
});

test("what an address itself names as this machine, and hosts that are allowed by name, are asked", async () => {
  for (const host of ["127.0.0.1", "localhost"])
    expect(await (await get(`http://${host}:${port}/one`, answering(["127.0.0.1"]))).json()).toEqual({ here: true });
  const allowed = { privateHosts: new Set(["issuer.example"]), ...answering(["127.0.0.1"]) };
  expect(await (await get(`http://issuer.example:${port}/two`, allowed)).json()).toEqual({ here: true });
  await expect(get(`http://other.example:${port}/`, allowed)).rejects.toThrow(AddressForbidden);
  expect(asked.map((line) => line.split(" ")[1])).toEqual(["/one", "/one", "/two"]);
});

test("a redirect is an answer and not followed; an answer without end is cut off", async () => {
  asked = [];
  expect((await get(`http://127.0.0.1:${port}/away`)).status).toBe(302);
  expect(asked).toHaveLength(1);
  await expect(get(`http://127.0.0.1:${port}/large`)).rejects.toThrow("fetch failed");
  await expect(get(`http://127.0.0.1:${port}/never`, {}, 50)).rejects.toMatchObject({ name: "TimeoutError" });
});
