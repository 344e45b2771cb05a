import type { Process } from "@change-mgmt/domain/process/process.ts";
import { useAsk } from "./ask.ts";

/** A process by its name as it is in force for new changes, typed as the rules read it. */
export function useProcess(name: string | undefined) {
  const query = useAsk("processes.get", { params: { name: name ?? "" } }, { when: name !== undefined });
  return { ...query, process: query.data?.process as Process | undefined, hash: query.data?.hash };
}
