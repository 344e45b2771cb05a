import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { accepted } from "../testing/small-workspace.ts";
import { loadProcesses } from "./processes.ts";

test("places in a process, which people are shown, say nothing of where this machine keeps it", async () => {
  const folder = fileURLToPath(new URL("../../../../processes/", import.meta.url));
  const loaded = accepted(await loadProcesses(folder));
  expect(loaded.map(({ process }) => process.name)).toContain("data-layer");
  const files = loaded.flatMap(({ process }) =>
    [...JSON.stringify(process).matchAll(/"file":"([^"]*)"/g)].map(([, file]) => file),
  );
  expect([...new Set(files)].sort()).toEqual(
    loaded.map(({ process }) => `processes/${process.name}/process.yaml`).sort(),
  );
});
