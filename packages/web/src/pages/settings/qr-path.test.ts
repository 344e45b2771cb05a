import { encode } from "uqr";
import { expect, test } from "vitest";
import { qrPath } from "./qr-path.ts";

test("every dark module is drawn once, inside a light zone of four", () => {
  const text = "otpauth://totp/change-mgmt:lena?secret=JBSWY3DPEHPK3PXP&issuer=change-mgmt";
  const { size, path } = qrPath(text);
  const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    for (let at = Number(x); at < Number(x) + Number(width); at++) drawn[Number(y)]![at]! += 1;
  }
  const code = encode(text, { border: 4, ecc: "M" });
  expect(drawn).toEqual(code.data.map((row) => row.map(Number)));
  expect(
    drawn
      .slice(0, 4)
      .flat()
      .concat(drawn.flatMap((row) => row.slice(0, 4))),
  ).not.toContain(1);
  expect(path.replace(/M\d+ \d+h\d+v1H\d+z/g, "")).toBe("");
});
