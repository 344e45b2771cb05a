import { join } from "node:path";
import { expect, test } from "vitest";
import { loadProcess } from "../configuration/process-file.ts";
import { readCsvRequests } from "./csv-requests.ts";

const loaded = await loadProcess(join(import.meta.dirname, "../../../../processes/itil"));
if (!loaded.ok) throw new Error(loaded.refusal.message);
const { process } = loaded.value;
const read = (text: string) =>
  readCsvRequests(text, "backlog.csv", process, { components: ["billing", "api-gateway"] });

test("each row is a request; columns go by id or title, lists by semicolons, empty cells say nothing", () => {
  const text = `title,Type,Services affected,dependencies,securityReview
"Rename, and move",Normal change,billing; API gateway,CR-1;CR-2,yes
Second,standard,billing,,
`;
  expect(read(text)).toEqual({
    ok: true,
    value: [
      {
        fields: {
          title: "Rename, and move",
          type: "normal",
          components: ["billing", "api-gateway"],
          dependencies: ["CR-1", "CR-2"],
          securityReview: true,
        },
        artifacts: [],
        remarks: [],
        problems: [],
      },
      {
        fields: { title: "Second", type: "standard", components: ["billing"] },
        artifacts: [],
        remarks: [],
        problems: [],
      },
    ],
  });
});

test("a file of semicolons with a byte order mark and CRLF, as spreadsheets write it, is read the same", () => {
  const outcome = read("\uFEFFtitle;priority\r\nOne;high\r\n");
  expect(outcome.ok && outcome.value.map(({ fields }) => fields)).toEqual([{ title: "One", priority: "high" }]);
});

test("a cell that cannot be is a problem at its line and column, and the row's others are read", () => {
  const outcome = read("title,priority,colour\nOne,low,red\nTwo,hihg,\n");
  expect(outcome.ok && outcome.value.map(({ problems }) => problems)).toMatchObject([
    [{ code: "FIELD_UNKNOWN", place: { file: "backlog.csv", line: 1, column: 3 } }],
    [
      { code: "FIELD_UNKNOWN" },
      {
        code: "VALUE_UNKNOWN",
        hint: 'Did you mean "high"?',
        place: { line: 3, column: 2, pointer: "/fields/priority" },
      },
    ],
  ]);
});

test.each([
  ["an unclosed quote", 'title\n"One\n'],
  ["a row with too many cells", "title\nOne,two\n"],
  ["a column twice", "title,Title\nOne,two\n"],
  ["no rows", "title\n"],
  ["nothing", ""],
])("%s is refused with its line", (_, text) => {
  expect(read(text)).toMatchObject({
    ok: false,
    refusal: { code: "CHANGE_FILE_INVALID", place: { file: "backlog.csv", line: expect.any(Number) } },
  });
});
