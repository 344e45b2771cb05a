import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseProcess, readSource } from "@change-mgmt/analysis/configuration/process-file.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";

/** Loads every process folder; one with a gap or an unsafe way is not put in force. */
export async function loadProcesses(folder: string): Promise<Outcome<{ process: Process; hash: string }[]>> {
  const processes: { process: Process; hash: string }[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const read = await readSource(join(folder, entry.name), "process.yaml");
    if (!read.ok) return read;
    // Places in a process are shown to people, so they begin at the folder of processes and not at the root of this machine.
    const loaded = parseProcess(read.value.text, `processes/${entry.name}/process.yaml`);
    if (!loaded.ok) return loaded;
    const { process, hash, problems } = loaded.value;
    if (problems.length > 0) {
      return refuse(
        "PROCESS_UNSOUND",
        `The process ${entry.name} has ${problems.length} problem${problems.length === 1 ? "" : "s"}: ${problems[0]!.message}`,
        "Mend the process; a process with a gap is not put in force.",
        { problems },
      );
    }
    processes.push({ process, hash });
  }
  return accept(processes);
}
