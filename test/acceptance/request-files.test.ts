import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { dataFolder } from "./testing/folder.ts";
import { newAdminToken } from "./testing/people.ts";
import { type Running, runCli, serve } from "./testing/processes.ts";

const WORKSPACE = `workspace: personas
process: itil
teams:
  - { name: personas, title: Personas }
components:
  - { name: personas-service, path: personas, team: personas }
  - { name: simulation-service, path: simulation, team: personas }
environments:
  - { name: staging, database: "embedded:staging" }
`;

/** The example of the change control process's own document, as it stands there (C 76-113). */
const EXAMPLE = `change_request:
  id: "CR-2024-001"
  title: "Add behavioral attributes to personas schema"
  type: "standard"
  requester: "jane.smith@company.com"
  date_requested: "2024-12-01"
  priority: "medium"

  description:
    problem: "Current personas lack behavioral data for better market simulation"
    solution: "Add behavioral_attributes object to personas.output.json"
    impact: "New field will provide richer persona data"

  technical_details:
    affected_components: ["personas service", "simulation service"]
    schema_changes: ["contracts/schemas/personas.output.json"]
    migration_required: false
    rollback_plan: "Remove behavioral_attributes field"

  risk_assessment:
    risk_level: "medium"
    business_impact: "Improved simulation accuracy"
    technical_risk: "Low - backward compatible addition"
    security_impact: "None"

  testing_requirements:
    unit_tests: true
    integration_tests: true
    regression_tests: true
    performance_tests: false

  approval_requirements:
    technical_review: true
    security_review: false
    compliance_review: false
    business_approval: false
`;

const folder = dataFolder();
const desk = mkdtempSync(join(tmpdir(), "change-mgmt-desk-"));
const token = newAdminToken();
let server: Running;

beforeAll(async () => {
  server = await serve([`--data-dir=${folder.path}`, "--no-demo"], { CHANGE_MGMT_ADMIN_TOKEN: token });
  write("change-mgmt.yaml", WORKSPACE);
  await fine("config", "import", "change-mgmt.yaml");
});
afterAll(async () => {
  await server?.kill();
  folder.remove();
  rmSync(desk, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFileSync(join(desk, name), text);
const type = (...line: string[]) =>
  runCli(
    line,
    { CHANGE_MGMT_SERVER: server.address, CHANGE_MGMT_TOKEN: token, XDG_CONFIG_HOME: join(desk, "c") },
    desk,
  );
async function typeJson(...line: string[]) {
  const { code, stdout } = await type(...line, "--json");
  return { code, said: JSON.parse(stdout) as Record<string, never> };
}
async function fine(...line: string[]) {
  const { code, said } = await typeJson(...line);
  expect({ line, code, said: code === 0 ? {} : said }).toEqual({ line, code: 0, said: {} });
  return said as Record<string, unknown>;
}
const numbersIn = (said: Record<string, unknown>) => (said.items as { number: string }[]).map(({ number }) => number);

test("the example of the document becomes a draft as it is, once however often it is imported, and comes back as a file", async () => {
  write("CR-2024-001.yaml", EXAMPLE);
  const made = await fine("import", "CR-2024-001.yaml");
  const [number] = numbersIn(made);
  expect(made.items).toMatchObject([
    {
      status: "draft",
      type: "standard",
      fields: {
        title: "Add behavioral attributes to personas schema",
        components: ["personas-service", "simulation-service"],
        unitTests: true,
        technicalReview: true,
      },
    },
  ]);
  expect(numbersIn(await fine("import", "CR-2024-001.yaml"))).toEqual([number]);
  const { items } = await fine("comment", number!);
  expect(items).toMatchObject([
    {
      text: "Imported from CR-2024-001.yaml.\n\n- Number: CR-2024-001\n- Requester: jane.smith@company.com\n- Date: 2024-12-01",
    },
  ]);

  await fine("export", number!, "--output=back.yaml");
  const { change_request: before } = parse(EXAMPLE);
  const { change_request: after } = parse(readFileSync(join(desk, "back.yaml"), "utf8"));
  expect(after).toMatchObject({
    ...before,
    ...{ id: number, requester: "admin", date_requested: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    technical_details: { ...before.technical_details, affected_components: ["personas-service", "simulation-service"] },
  });
});

test("a template that was filled in is imported by the process that has it, and one of CSV by the process named", async () => {
  const { stdout } = await type("export", "--template", "--process=itil");
  write(
    "change.md",
    stdout
      .replace("## Change Request Template", "## Retire the old queue")
      .replace("[Standard|Normal|Emergency]", "Standard")
      .replace("- Services affected", "- Services affected: simulation service"),
  );
  expect(await fine("import", "change.md")).toMatchObject({
    items: [{ title: "Retire the old queue", type: "standard", process: "itil", status: "draft" }],
  });
  write("backlog.csv", "title,type,components\nFirst,standard,personas-service\nSecond,normal,simulation-service\n");
  expect(await fine("import", "backlog.csv", "--dry-run")).toMatchObject({ requests: [{}, {}] });
  const made = await fine("import", "backlog.csv", "--process=itil");
  expect(made.items).toMatchObject([{ title: "First" }, { title: "Second" }]);
});

test("one line that cannot be understood, and nothing is created; each problem says where it is", async () => {
  const { items: before } = await fine("list");
  write("good.csv", "title,type\nNever made,standard\n");
  write("bad.yaml", EXAMPLE.replace('"medium"\n\n', '"middling"\n\n').replace("personas service", "person service"));
  const { code, said } = await typeJson("import", "good.csv", "bad.yaml");
  expect({ code, said }).toMatchObject({
    code: 1,
    said: {
      problem: {
        code: "CHANGE_FILE_INVALID",
        problems: [
          { code: "VALUE_UNKNOWN", place: { file: "bad.yaml", line: 7, column: 13 } },
          { code: "COMPONENT_UNKNOWN", place: { file: "bad.yaml", line: 15, column: 26 } },
        ],
      },
    },
  });
  expect((await fine("list")).items).toEqual(before);
  expect(await typeJson("import", "bad.txt")).toMatchObject({
    code: 3,
    said: { problem: { code: "FILE_UNREADABLE" } },
  });
  write("bad.txt", "Hello");
  expect(await typeJson("import", "bad.txt")).toMatchObject({
    code: 1,
    said: { problem: { code: "FILE_KIND_UNKNOWN" } },
  });
  expect(await typeJson("import", "good.csv", "--process=snapshots")).toMatchObject({
    said: { problem: { code: "PROCESS_UNKNOWN" } },
  });
});
