import type { HistoryEntry, Layout, LeftAside } from "./history.ts";
import { below, nameOf } from "./source-tree.ts";
import { readSqitchPlan } from "./sqitch-plan.ts";

/** What `sqitch.plan` lists: `deploy/<name>.sql` with `revert/<name>.sql`, in the order of the plan. */
export const sqitch: Layout = {
  tool: "sqitch",
  async recognize(folder, tree) {
    const plan = await tree.settings(below(folder, "sqitch.plan"));
    if (plan === null) return null;
    const conf =
      (await tree.settings(below(folder, "sqitch.conf"))) ?? (await tree.nearest(folder, "sqitch.conf")) ?? "";
    const top = setting(conf, "top_dir");
    // The plan may lie in the top folder itself or beside it.
    const base = top === undefined || nameOf(folder) === nameOf(top) ? folder : below(folder, top).replace(/\/\.$/, "");
    const deploy = below(base, setting(conf, "deploy_dir") ?? "deploy");
    const revert = below(base, setting(conf, "revert_dir") ?? "revert");
    const entries: HistoryEntry[] = [];
    const aside: LeftAside[] = [];
    for (const { name, script } of readSqitchPlan(plan)) {
      const path = below(deploy, `${script}.sql`);
      const down = below(revert, `${script}.sql`);
      if (!tree.has(path)) aside.push({ path, why: `sqitch.plan lists ${name}, and this file is not there` });
      else
        entries.push({
          path,
          name,
          version: name,
          down: tree.has(down) ? down : null,
          code: false,
          transactional: null,
        });
    }
    const engine = setting(conf, "engine");
    const own = [deploy, revert, below(base, setting(conf, "verify_dir") ?? "verify")];
    const claims = [...tree.folders.keys()].filter((each) =>
      own.some((mine) => each === mine || each.startsWith(`${mine}/`)),
    );
    return {
      entries,
      aside,
      foreign: engine === undefined || engine === "pg" ? null : engine,
      claims,
      notes: entries.length > 0 ? ["The scripts that verify are not run."] : [],
    };
  },
};

/** A setting of the [core] part, wherever it stands. */
function setting(conf: string, name: string): string | undefined {
  const value = new RegExp(`^\\s*${name}\\s*=\\s*(.+?)\\s*$`, "m").exec(conf)?.[1];
  return value?.replace(/^"|"$/g, "").replace(/\/$/, "");
}
