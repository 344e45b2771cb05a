const WORDS: Readonly<Record<string, string>> = {
  "sign-off": "Sign off",
  vote: "Approve",
  escalation: "See to it",
  submit: "Submit",
  assess: "Assess",
  "complete-steps": "Complete a step",
  rework: "Take back to work",
  close: "Close",
};

/** What a person is asked to do, as a button would say it: `deploy:staging` is "Deploy to staging". */
export function actWords(act: string): string {
  return act.startsWith("deploy:") ? `Deploy to ${act.slice("deploy:".length)}` : (WORDS[act] ?? act);
}
