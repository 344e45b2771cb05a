export type CheckResult = "passed" | "failed" | "inconclusive" | "not-applicable";

/** What came of looking at one thing, in words. What failed or could not be established says what to do about it. */
export type Verdict = Settled | Open;

interface Settled {
  readonly result: "passed" | "not-applicable";
  readonly message: string;
  readonly hint?: undefined;
}

interface Open {
  readonly result: "failed" | "inconclusive";
  readonly message: string;
  readonly hint: string;
}

/** One thing that was looked at; `id` is stable, such as `form` or `rehearsal:<artifact>:down`, `title` is the claim that was put to the test. */
export type ValidationCheck = Verdict & { readonly id: string; readonly title: string };

/** Whether a verdict stands in the way: it failed, or it could not be established, which is never fine. */
export function isOpen<V extends Verdict>(verdict: V): verdict is Extract<V, Open> {
  return verdict.result === "failed" || verdict.result === "inconclusive";
}
