import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { expect, test } from "vitest";
import { attachmentBytes, lookInto, type Upload, UploadRoom } from "./upload.ts";

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const taken = async (upload: Upload) => accept({ ...upload, bytes: Buffer.from(upload.bytes).toString() });
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

test("what comes in pieces is put together and hashed; what is too large has its size and no bytes", async () => {
  const room = new UploadRoom(100);
  expect(await room.receive({ pieces: pieces("ab", "cd", "e") }, 5, taken)).toEqual(
    accept({ bytes: "abcde", size: 5, sha256: hashOf("abcde") }),
  );
  expect(await room.receive({ pieces: pieces("ab", "cd", "ef", "g") }, 5, taken)).toEqual(
    accept({ bytes: "", size: 7, sha256: hashOf("abcdefg") }),
  );
});

test("far beyond the limit nothing more is read, and where the sender says so before, nothing at all", async () => {
  let read = 0;
  async function* endless() {
    for (;;) {
      read += 1;
      yield Buffer.from("ten bytes.");
    }
  }
  const room = new UploadRoom(100);
  expect(await room.receive({ pieces: endless() }, 10, taken)).toMatchObject({ value: { bytes: "", size: 50 } });
  expect(read).toBe(5);
  expect(await room.receive({ pieces: endless(), length: 41 }, 10, taken)).toMatchObject({ value: { size: 41 } });
  expect(read).toBe(5);
});

test("files that come in at once have a bounded room; one is always let in", async () => {
  const room = new UploadRoom(8);
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = room.receive({ pieces: pieces("abcd"), length: 4 }, 10, async (upload) => {
    await promise;
    return await taken(upload);
  });
  expect(await room.receive({ pieces: pieces("abcd"), length: 4 }, 10, taken)).toMatchObject({ ok: true });
  expect(await room.receive({ pieces: pieces("abcde"), length: 5 }, 10, taken)).toMatchObject({
    refusal: { code: "UPLOADS_BUSY" },
  });
  resolve();
  expect(await held).toMatchObject({ ok: true });
  expect(await room.receive({ pieces: pieces("abcdefghij"), length: 10 }, 10, taken)).toMatchObject({ ok: true });
});

test("a failure on the way gives the room back", async () => {
  const room = new UploadRoom(4);
  const failing = room.receive({ pieces: pieces("abcd") }, 4, () => Promise.reject(new Error("lost")));
  await expect(failing).rejects.toThrow("lost");
  expect(await room.receive({ pieces: pieces("abcd") }, 4, taken)).toMatchObject({ ok: true });
});

test("bytes say what they are, and text is text only as a whole", async () => {
  expect(await lookInto(Buffer.from("grün\n"))).toEqual({ detected: null, text: "grün\n" });
  expect(await lookInto(Buffer.from("a\0b"))).toEqual({ detected: null, text: null });
  expect(await lookInto(Buffer.concat([Buffer.alloc(5000, "a"), Buffer.from([0xff])]))).toMatchObject({ text: null });
  expect(await lookInto(gzipSync("log"))).toEqual({ detected: "application/gzip", text: null });
  expect(await lookInto(new Uint8Array())).toEqual({ detected: null, text: "" });
});

test("beginnings of known kinds that go on as noise are looked into without a failure", async () => {
  for (const start of [
    "PK\x03\x04",
    "\x89PNG\r\n\x1a\n",
    "RIFF",
    "%PDF-1.7",
    "\x1f\x8b",
    "GIF89a",
    "ID3",
    "MZ",
    "\x7fELF",
  ]) {
    for (let round = 0; round < 20; round++) {
      const content = await lookInto(Buffer.concat([Buffer.from(start, "latin1"), randomBytes(round * 50)]));
      expect([start, Object.keys(content)]).toEqual([start, ["detected", "text"]]);
    }
  }
});

test.each([
  [undefined, 10_000_000],
  ["", 10_000_000],
  ["1", 1],
  ["100000000", 100_000_000],
])("the limit %j is %i bytes", (text, bytes) => {
  expect(attachmentBytes({ CHANGE_MGMT_ATTACHMENT_BYTES: text })).toEqual(accept(bytes));
});

test.each(["0", "-1", "10 MB", "100000001", "1e6"])("the limit %j is refused", (text) => {
  expect(attachmentBytes({ CHANGE_MGMT_ATTACHMENT_BYTES: text })).toMatchObject({
    refusal: { code: "SETTING_INVALID", details: { setting: "CHANGE_MGMT_ATTACHMENT_BYTES" } },
  });
});
