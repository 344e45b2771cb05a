import { expect, test } from "vitest";
import { ERROR_CODES, ERROR_TOPICS, statusOf } from "./codes.ts";

test.each([
  ["INPUT_INVALID", 422],
  ["NOT_SIGNED_IN", 401],
  ["OWN_CHANGE", 403],
  ["CHANGE_UNKNOWN", 404],
  ["STALE_VERSION", 412],
  ["TOO_LARGE", 413],
  ["MEDIA_TYPE_UNSUPPORTED", 415],
  ["RATE_LIMITED", 429],
  ["STORE_UNAVAILABLE", 503],
])("%s is %i", (code, status) => {
  expect(statusOf(code)).toBe(status);
});

test.each([["NOT_APPROVED_YET"], ["constructor_"], [""]])("every other code, such as %j, is 409", (code) => {
  expect(statusOf(code)).toBe(409);
});

test("each code stands in one subject, and says what it means and what to do in whole sentences", () => {
  const names = ERROR_TOPICS.flatMap(({ codes }) => Object.keys(codes));
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  for (const [code, { means, next }] of ERROR_CODES) {
    expect([code, means]).toEqual([code, expect.stringMatching(/^[A-Z].*\.$/)]);
    expect([code, next]).toEqual([code, expect.stringMatching(/^\S.*[.]$/)]);
  }
});
