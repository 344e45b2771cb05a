import {
  ADMINISTRATOR,
  assess,
  close,
  comment,
  deploy,
  review,
  rollback,
  type SampleAct,
  type SampleStory,
  signOff,
  step,
  submit,
  tests,
  vote,
} from "./act.ts";

/** From a draft to the point where everything that people do before validation is done. */
function implemented(requester: string, impact: string, more: { readonly breaking?: true; readonly api?: true } = {}) {
  const acts: SampleAct[] = [submit(requester), assess("dev", impact)];
  if (more.breaking) acts.push(step("dev", "dependency-mapping", "Both applications read it, through the client."));
  acts.push(step("dev", "templates", "The migration was written by hand; no template needed."));
  if (more.breaking) {
    acts.push(step("dev", "migration-strategy", "As in the form: first the readers, then the column."));
    acts.push(step("dev", "rollback-plan", "As in the form; tried on a copy."));
  }
  acts.push(step("dev", "migration-files", "Written, with its way back."));
  acts.push(step("dev", "repository-methods", "In both implementations of the repository."));
  if (more.api) {
    acts.push(step("dev", "api-endpoints", "The route takes the new value."));
    acts.push(step("dev", "client-methods", "The client has it too."));
  }
  return acts;
}

/** From a draft to the review, with the pull request linked. */
function reviewed(requester: string, impact: string, pull: number, more: { readonly breaking?: true } = {}) {
  const commit = `${(pull * 7919).toString(16)}c0de`.slice(0, 7);
  return [
    ...implemented(requester, impact, more),
    tests("quinn", commit, 128, { status: "validating" }),
    step("quinn", "automated-tests", `128 tests passed on ${commit}.`),
    review("dev", pull),
  ];
}

const everywhere = (as: string): SampleAct[] => [
  deploy(as, "development"),
  deploy(as, "staging", { environment: "development", state: "deployed" }),
  step("quinn", "integration-tests", "Green on staging.", { environment: "staging", state: "deployed" }),
  deploy(as, "production"),
];

const PAUSE = "pause-the-bot:pause";

const IN_PRODUCTION = { environment: "production", state: "deployed" } as const;

/**
 * What the sample workspace has been through: a change in every state that is worth seeing, and something that waits for each of its
 * people. In the order in which they are made; those that wait for a person come early, those that need three deployments late.
 */
export const SAMPLE_STORIES: readonly SampleStory[] = [
  {
    id: "draft",
    folder: "keep-baskets",
    migration: "20260413090000_keep_baskets.sql",
    requester: ADMINISTRATOR,
    acts: [],
  },
  {
    id: "awaiting-approval",
    folder: "call-it-article-number",
    migration: "20260414090000_call_it_article_number.sql",
    requester: "wim",
    acts: [
      ...reviewed("wim", "Three places read products.sku; all of them go through the repository.", 52, {
        breaking: true,
      }),
      comment("bora", "What do the invoices of last year say after this?"),
      comment("dev", "The same as before: they keep their own copy of the number."),
    ],
    end: { status: "awaiting_approval" },
  },
  {
    id: "invalid",
    folder: "rate-products",
    migration: "20260408090000_rate_products.sql",
    requester: "rosa",
    acts: [
      ...implemented("rosa", "One column more on products. Nothing reads it yet."),
      tests("quinn", "7b1c0de", 131, { rehearsed: true }),
      step("quinn", "automated-tests", "131 tests passed on 7b1c0de; none of them runs the migration."),
      comment("quinn", "The rehearsal stops at the check constraint: CHECK wants brackets. Can you mend it, dev?"),
    ],
  },
  {
    id: "no-way-back",
    folder: "let-orders-be-returned",
    migration: "20260409090000_let_orders_be_returned.sql",
    requester: "rosa",
    acts: [
      ...implemented("rosa", "Whoever lists orders meets a status they do not know.", { breaking: true, api: true }),
      tests("quinn", "91dc0de", 133, { rehearsed: true }),
      step("quinn", "automated-tests", "133 tests passed on 91dc0de."),
      comment("archie", "The label stays behind after a rollback. Would a table of statuses serve you as well?"),
    ],
  },
  {
    id: "security-review",
    folder: "log-price-changes",
    migration: "20260415090000_log_price_changes.sql",
    requester: "lena",
    acts: [
      ...implemented("lena", "A new table; prices are still changed in one place only."),
      tests("quinn", "a40c0de", 136, { status: "validating" }),
      step("quinn", "automated-tests", "136 tests passed on a40c0de."),
    ],
    end: { rehearsed: true },
  },
  {
    id: "to-assess",
    folder: "find-orders-by-status",
    migration: "20260416090000_find_orders_by_status.sql",
    requester: "rosa",
    acts: [submit("rosa")],
    end: { rehearsed: true },
  },
  {
    id: "rejected",
    folder: "ask-for-birthdays",
    migration: "20260410090000_ask_for_birthdays.sql",
    requester: "rosa",
    acts: [
      ...reviewed("rosa", "One column more on users, with personal data.", 47),
      vote(
        "lena",
        "reject",
        "We keep no personal data without a purpose that the customer agreed to. A voucher code does it too.",
      ),
    ],
    end: { status: "rejected" },
  },
  {
    id: "for-the-bots",
    folder: "announce-order-history",
    requester: "rosa",
    acts: [
      submit("rosa"),
      assess("bo", "The bot asks an endpoint that is there; nothing else changes."),
      step("bo", "templates", "None needed."),
      step("bo", "repository-methods", "None needed: the method is there."),
      step("bo", "api-endpoints", "None needed: GET /api/orders is there."),
      step("bo", "client-methods", "None needed: the client has it."),
      tests("quinn", "c2fc0de", 128, { status: "validating" }),
      step("quinn", "automated-tests", "128 tests passed on c2fc0de."),
      review("dev", 55),
    ],
    end: { status: "awaiting_approval" },
  },
  {
    id: "on-its-way",
    folder: "show-pictures",
    migration: "20260411090000_show_pictures.sql",
    requester: "rosa",
    acts: [
      ...reviewed("rosa", "One column more on products; the catalog shows a picture where there is one.", 49),
      vote("wim", "approve", "The catalog is ready for it."),
      deploy("olga", "development"),
    ],
    end: { environment: "development", state: "deployed" },
  },
  {
    id: "closed",
    folder: "weigh-products",
    migration: "20260402090000_weigh_products.sql",
    requester: "rosa",
    acts: [
      ...reviewed("rosa", "One column more on products; nothing that exists reads differently.", 38),
      vote("lena", "approve", "Fine, and the rollback was rehearsed."),
      ...everywhere("olga"),
      step("olga", "monitor-metrics", "Error rate and response time as before.", IN_PRODUCTION),
      step("quinn", "verify-functionality", "Weights are saved and postage is right."),
      step("dev", "update-documentation", "API.md names the new field."),
      close("lena", "In production at the first go."),
    ],
    end: { status: "closed" },
  },
  {
    id: "rolled-back",
    folder: "remember-last-visit",
    migration: "20260407090000_remember_last_visit.sql",
    requester: "rosa",
    acts: [
      ...reviewed("rosa", "One column more on users, written with each visit.", 44),
      vote("lena", "approve", "Small and easily taken back."),
      ...everywhere("olga"),
      rollback("olga", "production", "Signing in became slow: each visit now writes to users.", IN_PRODUCTION),
      comment("lena", "Let us write it at most once an hour and come back with that."),
    ],
    end: { environment: "production", state: "rolled-back" },
  },
  {
    id: "deployed",
    folder: "take-notes-on-orders",
    migration: "20260403090000_take_notes_on_orders.sql",
    requester: "wim",
    acts: [
      ...reviewed("wim", "One column more on orders; packing lists show it.", 41),
      vote("lena", "approve", "Long wished for."),
      ...everywhere("olga"),
      step("quinn", "verify-functionality", "A note written in the bot is on the packing list.", IN_PRODUCTION),
    ],
    end: { status: "monitoring" },
  },
  {
    id: "deploying",
    folder: "tell-when-delivered",
    migration: "20260412090000_tell_when_delivered.sql",
    requester: "rosa",
    acts: [
      ...reviewed("rosa", "One column more on orders; only the bot reads it.", 50),
      vote("bo", "approve", "A minute without the bot is fine before nine."),
      deploy("olga", "development"),
      signOff("dev", PAUSE, "Stopped; nobody was using it."),
      deploy("olga", "staging", { environment: "development", state: "deployed" }),
      signOff("quinn", PAUSE, "Stopped on staging."),
      step("quinn", "integration-tests", "Green on staging.", { environment: "staging", state: "deployed" }),
      deploy("olga", "production"),
    ],
    end: { waitingFor: PAUSE },
  },
];
