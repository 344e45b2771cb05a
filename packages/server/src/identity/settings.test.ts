import { expect, test } from "vitest";
import { publicAddress } from "./settings.ts";

const read = (text?: string) => publicAddress(text === undefined ? {} : { CHANGE_MGMT_PUBLIC_URL: text });

test("a public address is an origin; left out or empty, there is none", () => {
  expect(read(" https://Changes.Example.org/ ")).toEqual({ ok: true, value: "https://changes.example.org" });
  expect(read("http://10.0.0.7:7070")).toEqual({ ok: true, value: "http://10.0.0.7:7070" });
  expect([read(), read("")]).toEqual(Array(2).fill({ ok: true, value: undefined }));
});

test.each([
  "changes.example.org",
  "ftp://changes.example.org",
  "https://changes.example.org/app",
  "https://changes.example.org/?x=1",
  "https://changes.example.org/#x",
  "https://ada:secret@changes.example.org",
])("%s is refused without being repeated", (text) => {
  const refused = read(text);
  expect(refused).toMatchObject({
    refusal: { code: "SETTING_INVALID", details: { setting: "CHANGE_MGMT_PUBLIC_URL" } },
  });
  expect(JSON.stringify(refused)).not.toContain("secret");
});
