// Writes processes/process.schema.json, by which editors complete and check a process.yaml.
import { writeFileSync } from "node:fs";
import { processFileJsonSchema } from "../packages/analysis/src/configuration/process-shape.ts";

const path = new URL("../processes/process.schema.json", import.meta.url);
writeFileSync(path, `${JSON.stringify(processFileJsonSchema, null, 2)}\n`);
