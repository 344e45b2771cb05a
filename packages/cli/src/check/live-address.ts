import type { LiveAddress } from "@change-mgmt/analysis/check/against/live-database.ts";
import type { Context } from "../context.ts";
import { usage } from "../stop.ts";

/** The live database that an option names, by its address or by the variable that holds it; the address is never repeated. */
export async function liveAddress({ env }: Context, named: string): Promise<LiveAddress> {
  const variable = /^[A-Za-z_][A-Za-z0-9_]*$/.test(named) ? named : null;
  const text = variable === null ? named : env[variable];
  if (!text) {
    throw usage(
      `No database is named: the variable ${variable} is not set.`,
      `Set ${variable} to postgres://user:password@host:5432/database, or give the address.`,
    );
  }
  const { liveDatabaseAt } = await import("../commands/local/applied-there.ts");
  const address = liveDatabaseAt(text.trim());
  if (address === null) {
    throw usage(
      `${variable ?? "--against"} does not hold a Postgres address.`,
      "Write postgres://user:password@host:5432/database, with special characters of the password percent-encoded (@ as %40, / as %2F, % as %25).",
    );
  }
  return address;
}
