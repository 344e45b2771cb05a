import { describe, expect, test } from "vitest";
import { isOffered, sampleOffer } from "./sample-offer.ts";

describe("signing in as the sample people is offered", () => {
  test.each([
    ["on a loopback address with an embedded store", { host: "127.0.0.1" }, "this machine"],
    ["by its name too", { host: "localhost" }, "this machine"],
    ["over IPv6 too", { host: "::1" }, "this machine"],
    ["to nobody on an address that others reach", { host: "0.0.0.0" }, "nobody"],
    ["to nobody on every IPv6 address", { host: "::" }, "nobody"],
    ["to nobody on a shared Postgres", { host: "127.0.0.1", databaseUrl: "postgres://db/x" }, "nobody"],
    ["to nobody behind a proxy", { host: "127.0.0.1", env: { CHANGE_MGMT_TRUST_PROXY: "true" } }, "nobody"],
    ["to everybody where it was said", { host: "0.0.0.0", sampleSignIn: true }, "everybody"],
    ["to nobody where it was said", { host: "127.0.0.1", sampleSignIn: false }, "nobody"],
  ])("%s", (_, options, offer) => {
    expect(sampleOffer({ env: {}, ...options })).toBe(offer);
  });

  test.each([
    ["127.0.0.1", "localhost:7070", true],
    ["::1", "[::1]:7070", true],
    ["127.0.0.1", "127.0.0.1:7070", true],
    ["127.0.0.1", "elsewhere.example:7070", false],
    ["127.0.0.1", "localhost.elsewhere.example", false],
    ["10.0.0.7", "localhost:7070", false],
  ])("to %s, who addressed %s: %s", (ip, host, offered) => {
    expect(isOffered("this machine", { ip, host })).toBe(offered);
    expect(isOffered("nobody", { ip, host })).toBe(false);
    expect(isOffered("everybody", { ip, host })).toBe(true);
  });
});
