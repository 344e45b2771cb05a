import type { ArgumentSpec } from "../command.ts";

/** First argument of every command about one change; `--change-id` says the same. */
export const changeArgument: ArgumentSpec = { name: "change", about: "number or id of the change, such as CHG-12" };
