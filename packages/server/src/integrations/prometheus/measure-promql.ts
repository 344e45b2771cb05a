import type { Reading } from "@change-mgmt/domain/lifecycle/monitoring/reading.ts";
import { z } from "zod";
import type { MetricsSource } from "../../assets/measures/measure.ts";
import { AddressForbidden, guardedFetch } from "../../identity/guarded-fetch.ts";

const sample = z.tuple([z.number(), z.string()]);
const Answer = z.object({
  status: z.literal("success"),
  warnings: z.array(z.string()).optional(),
  data: z.discriminatedUnion("resultType", [
    z.object({ resultType: z.literal("scalar"), result: sample }),
    z.object({ resultType: z.literal("vector"), result: z.array(z.object({ value: sample })) }),
  ]),
});
const Failure = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

/**
 * Asks the HTTP API of a Prometheus, or of what speaks like one, for the value of a query at this moment. One series is a number; none,
 * several, a partial answer or no number is not known.
 */
export const measurePromql: MetricsSource = async ({ promql, address, timeoutSeconds }, options) => {
  const asked = new URL("api/v1/query", address!.endsWith("/") ? address : `${address}/`);
  asked.searchParams.set("query", promql!);
  asked.searchParams.set("timeout", `${timeoutSeconds}s`);
  try {
    const answer = await guardedFetch(asked, { signal: options.signal }, options);
    return { reading: readingOf(await answer.text(), `${asked.host} answered ${answer.status}`) };
  } catch (error) {
    if (error instanceof AddressForbidden) return { reading: { missing: error.message } };
    return { reading: { missing: `${asked.host} did not answer` } };
  }
};

function readingOf(text: string, otherwise: string): Reading {
  const json = parsed(text);
  const failed = Failure.safeParse(json);
  if (failed.success)
    return { missing: `the query is refused: ${failed.data.errorType}: ${failed.data.error.slice(0, 300)}` };
  const read = Answer.safeParse(json);
  if (!read.success) return { missing: `${otherwise}, and not with a number` };
  const { data, warnings = [] } = read.data;
  if (warnings.length > 0) return { missing: `the answer is not whole: ${warnings[0]!.slice(0, 300)}` };
  const values = data.resultType === "scalar" ? [data.result[1]] : data.result.map(({ value }) => value[1]);
  if (values.length !== 1)
    return { missing: values.length === 0 ? "the query finds no data" : `the query finds ${values.length} series` };
  const value = Number(values[0]);
  return Number.isFinite(value) ? { value } : { missing: `the query answers ${values[0]}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever answers something else is not what was meant; that is what is said of it.
    return undefined;
  }
}
