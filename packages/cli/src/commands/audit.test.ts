import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { successionStatement } from "@change-mgmt/domain/audit/succession.ts";
import { aTrail, aTrailOf } from "@change-mgmt/domain/testing/a-trail.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { FakeRefusal, startFakeServer } from "../testing/fake-server.ts";
import { freshFolder, runLine } from "../testing/run-line.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const raw = Buffer.from(String(publicKey.export({ format: "jwk" }).x), "base64url");
const signer = {
  keyId: createHash("sha256").update(raw).digest("hex").slice(0, 16),
  sign: (statement: string) => sign(null, Buffer.from(statement), privateKey).toString("hex"),
};
const trail = aTrail(
  [{ stream: "change-2" }, { stream: "change-1" }, { stream: "change-1", details: { title: "naïve" } }],
  signer,
);
const exported = (lines: readonly string[]) => `${lines.join("\n")}\n`;

let cwd: string;
beforeAll(() => {
  cwd = freshFolder();
  writeFileSync(join(cwd, "audit.jsonl"), exported(trail.lines()));
  writeFileSync(join(cwd, "shorter.jsonl"), exported(trail.lines(2)));
  writeFileSync(join(cwd, "key.pem"), publicKey.export({ format: "pem", type: "spki" }));
  writeFileSync(join(cwd, "key.hex"), `${raw.toString("hex")}\n`);
  writeFileSync(join(cwd, "private.pem"), privateKey.export({ format: "pem", type: "pkcs8" }));
  const other = generateKeyPairSync("ed25519").publicKey;
  writeFileSync(join(cwd, "other.pem"), other.export({ format: "pem", type: "spki" }));
  writeFileSync(join(cwd, "checkpoint.json"), trail.lines().at(-1)!);
  writeFileSync(
    join(cwd, "checkpoint-with-ok.json"),
    JSON.stringify({ ok: true, ...JSON.parse(trail.lines(2).at(-1)!) }, null, 2),
  );
});

const verify = (...argv: string[]) => runLine(["audit", "verify", ...argv], { cwd, server: "http://127.0.0.1:9" });

describe("audit verify", () => {
  test("accepts a whole export without a server, and says what was not checked", async () => {
    const said = await verify("audit.jsonl");
    expect(said.code).toBe(0);
    expect(said.stdout).toContain("✓ 3 entries, unbroken and whole");
    expect(said.stdout).toContain("signature not checked: give the public key with --key");
  });

  test("refuses an entry that was sealed so that it reads in two ways, unless it is left to the hash", async () => {
    const twice = trail.texts[2]!.replace('"outcome":"done"', '"outcome":"refused","outcome":"done"');
    writeFileSync(join(cwd, "twice.jsonl"), exported(aTrailOf(trail.texts.with(2, twice), signer).lines()));
    const said = await verify("twice.jsonl", "--json");
    expect(said.code).toBe(1);
    expect(said.json()).toMatchObject({ problem: { code: "LINE_NOT_CANONICAL", place: { line: 4 } } });
    expect((await verify("twice.jsonl", "--quick")).code).toBe(0);
  });

  test.each(["key.pem", "key.hex"])(
    "checks signatures with %s and holds the export against a checkpoint",
    async (key) => {
      const said = await verify("audit.jsonl", `--key=${key}`, "--checkpoint=checkpoint-with-ok.json", "--json");
      expect(said.code).toBe(0);
      expect(said.json()).toMatchObject({ ok: true, count: 3, signature: "valid", checkpoint: "held" });
    },
  );

  test("finds any one byte changed in any line, the signature included", async () => {
    const bytes = Buffer.from(exported(trail.lines()));
    for (let at = 0; at < bytes.length; at += 97) {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ 1;
      writeFileSync(join(cwd, "changed.jsonl"), changed);
      const said = await verify("changed.jsonl", "--key=key.pem", "--json");
      expect(said.code, `byte ${at}`).toBe(1);
      expect(said.json()).toMatchObject({
        ok: false,
        problem: { place: { file: "changed.jsonl", line: expect.any(Number) } },
      });
    }
  });

  test.each([
    ["the last entry removed", (lines: string[]) => lines.toSpliced(-2, 1)],
    ["a middle entry removed", (lines: string[]) => lines.toSpliced(2, 1)],
    ["two entries swapped", (lines: string[]) => [lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)]],
    ["the seal cut off", (lines: string[]) => lines.slice(0, -1)],
  ])("refuses an export with %s, naming the line", async (_, damage) => {
    writeFileSync(join(cwd, "damaged.jsonl"), exported(damage(trail.lines())));
    const said = await verify("damaged.jsonl");
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/at damaged\.jsonl:\d+/);
    expect(said.stdout).toBe("");
  });

  test("sees a tail that was cut off together with its seal by the checkpoint", async () => {
    expect((await verify("shorter.jsonl")).code).toBe(0);
    const said = await verify("shorter.jsonl", "--checkpoint=checkpoint.json");
    expect(said.code).toBe(1);
    expect(said.stderr).toContain("[CHECKPOINT_AHEAD]");
  });

  test("refuses a key it does not trust", async () => {
    const said = await verify("audit.jsonl", "--key=other.pem");
    expect(said.code).toBe(1);
    expect(said.stderr).toContain("[KEY_UNKNOWN]");
  });

  test.each([
    [["audit.jsonl", "--key=audit.jsonl"], 2, "KEY_INVALID"],
    [["audit.jsonl", "--key=private.pem"], 2, "KEY_INVALID"],
    [["audit.jsonl", "--checkpoint=key.hex"], 1, "CHECKPOINT_INVALID"],
    [["none.jsonl"], 3, "FILE_UNREADABLE"],
    [["."], 3, "FILE_UNREADABLE"],
  ])("%j ends with exit code %i and %s", async (argv, code, problem) => {
    const said = await verify(...argv);
    expect(said.code).toBe(code);
    expect(said.stderr).toContain(`[${problem}]`);
  });
});

describe("audit at the server", () => {
  test("export streams to a file that is then verified, and leaves nothing else behind", async () => {
    const server = await startFakeServer({ "audit.export": () => exported(trail.lines()) });
    const folder = freshFolder();
    const said = await runLine(["audit", "export", "--output=out.jsonl", "--json"], {
      server: server.address,
      cwd: folder,
    });
    const piped = await runLine(["audit", "export"], { server: server.address });
    const both = await runLine(["audit", "export", "--json"], { server: server.address });
    await server.close();
    expect(server.violations).toEqual([]);
    expect(said.json()).toEqual({ ok: true, output: "out.jsonl", bytes: Buffer.byteLength(exported(trail.lines())) });
    expect(readdirSync(folder)).toEqual(["out.jsonl"]);
    expect(readFileSync(join(folder, "out.jsonl"), "utf8")).toBe(exported(trail.lines()));
    expect(piped.stdout).toBe(exported(trail.lines()));
    expect(both.code).toBe(2);
  });

  test("a refused export writes no file, and one that cannot be written says so", async () => {
    const server = await startFakeServer({
      "audit.export": ({ headers }) => {
        if (headers["x-never"]) return "";
        throw new FakeRefusal(403, "NOT_ALLOWED", "Only auditors export.");
      },
    });
    const folder = freshFolder();
    const said = await runLine(["audit", "export", "--output=out.jsonl"], { server: server.address, cwd: folder });
    await server.close();
    expect(said.code).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
    const working = await startFakeServer({ "audit.export": () => exported(trail.lines()) });
    const nowhere = await runLine(["audit", "export", "--output=no/such/out.jsonl"], {
      server: working.address,
      cwd: folder,
    });
    await working.close();
    expect(nowhere.code).toBe(3);
    expect(nowhere.stderr).toContain("[FILE_NOT_WRITTEN]");
  });

  test("a checkpoint is one line that verify takes", async () => {
    const server = await startFakeServer({ "audit.checkpoint": () => JSON.parse(trail.lines().at(-1)!) });
    const folder = freshFolder();
    const shown = await runLine(["audit", "checkpoint"], { server: server.address });
    const saved = await runLine(["audit", "checkpoint", "--output=cp.json"], { server: server.address, cwd: folder });
    await server.close();
    expect(JSON.parse(shown.stdout)).toMatchObject({ kind: "seal", count: 3 });
    expect(saved.stdout).toContain("the seal of 3 entries");
    expect((await verify("audit.jsonl", `--checkpoint=${join(folder, "cp.json")}`)).code).toBe(0);
  });

  test("the trail is listed with who, what and about which change", async () => {
    const entry = JSON.parse(trail.texts[0]!);
    const server = await startFakeServer({
      "audit.list": ({ query }) => {
        expect(query).toMatchObject({ user: "maria", from: "2026-11-01T00:00:00.000Z", limit: 5 });
        return {
          items: [
            { seq: null, hash: "h", entry },
            { seq: 1, hash: "h", entry },
          ],
          nextCursor: "next",
        };
      },
    });
    const said = await runLine(["audit", "list", "--user=maria", "--from=2026-11-01", "--limit=5"], {
      server: server.address,
    });
    await server.close();
    expect(server.violations).toEqual([]);
    expect(said.stdout).toMatch(
      /SEQ +WHEN +WHO +EVENT +CHANGE +OUTCOME +ENTRY\nunsealed +2 hours ago +maria +change\.edited +done +AUDIT-/,
    );
    expect(said.stdout).toContain("--cursor=next");
  });
});

describe("keys of the trail", () => {
  const made = Array.from({ length: 3 }, () => {
    const pair = generateKeyPairSync("ed25519");
    const hex = Buffer.from(String(pair.publicKey.export({ format: "jwk" }).x), "base64url").toString("hex");
    const id = createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex").slice(0, 16);
    return { id, hex, sign: (text: string) => sign(null, Buffer.from(text), pair.privateKey).toString("hex") };
  });
  const [first, second, third] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
  const named = (by: typeof first, key: typeof first) => ({
    keyId: key.id,
    publicKey: key.hex,
    createdAt: "2026-11-21T10:00:00.000Z",
    endorsedBy: by.id,
    endorsement: by.sign(successionStatement(by.id, key.hex)),
  });
  const newestFirst = () => [
    named(second, third),
    named(first, second),
    { ...named(first, first), endorsedBy: null, endorsement: null },
  ];

  async function keys(items: object[], ...argv: string[]) {
    const server = await startFakeServer({
      "audit.keys": () => ({ items }),
      "audit.rotateKey": () => items[0],
    });
    const folder = freshFolder();
    writeFileSync(join(folder, "first.pub"), `${first.hex}\n`);
    const said = await runLine(["audit", ...argv], { server: server.address, cwd: folder });
    await server.close();
    expect(server.violations).toEqual([]);
    return { ...said, written: (name: string) => readFileSync(join(folder, name), "utf8"), folder };
  }

  test("the newest is written out when a chain of rotations leads to it from one that is trusted", async () => {
    const said = await keys(newestFirst(), "keys", "--trusted=first.pub", "--output=third.pub");
    expect(said.code).toBe(0);
    expect(said.written("third.pub")).toBe(`${third.hex}\n`);
  });

  test.each([
    [
      "a rotation that nobody signed",
      (items: ReturnType<typeof newestFirst>) => [{ ...items[0]!, endorsement: null }, ...items.slice(1)],
    ],
    ["a missing one in between", (items: ReturnType<typeof newestFirst>) => items.toSpliced(1, 1)],
    [
      "a signature of another statement",
      (items: ReturnType<typeof newestFirst>) => [
        { ...items[0]!, endorsement: items[1]!.endorsement },
        ...items.slice(1),
      ],
    ],
    [
      "another key under the same id",
      (items: ReturnType<typeof newestFirst>) => [{ ...items[0]!, publicKey: first.hex }, ...items.slice(1)],
    ],
  ])("%s is refused, and nothing is written", async (_, damage) => {
    const said = await keys(damage(newestFirst()), "keys", "--trusted=first.pub", "--output=third.pub");
    expect([said.code, said.stderr]).toEqual([1, expect.stringContaining("[KEY_NOT_ENDORSED]")]);
    expect(readdirSync(said.folder)).toEqual(["first.pub"]);
  });

  test("a rotation says which key named the new one, and writes it out", async () => {
    const said = await keys(newestFirst(), "rotate-key", "--output=third.pub");
    expect(said.stdout).toContain(`${third.id} from now on, named by ${second.id}`);
    expect(said.written("third.pub")).toBe(`${third.hex}\n`);
  });
});
