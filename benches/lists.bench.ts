import { ListChanges } from "@change-mgmt/api/changes.ts";
import { listChanges } from "@change-mgmt/server/lifecycle/change-queries.ts";
import { readOverview } from "@change-mgmt/server/lifecycle/overview.ts";
import { startPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { accepted } from "@change-mgmt/server/testing/small-workspace.ts";
import { type Filled, storeWith } from "./many-changes.ts";
import { defineBench, type Findings, measureRounds, ratio, spread } from "./measure.ts";

const SIZES = [100, 10_000, 1_000_000];
const ROUNDS = 30;
/** So often each question is asked in a round. */
const TIMES = 5;

/** A question to which 10,000 changes have one answer and 1,000,000 more than a page: no limit can be set to how much longer it takes. */
const GROWING = "search of two words of which more is found the more there is";

const QUESTIONS: Readonly<Record<string, (filled: Filled) => Promise<unknown>>> = {
  list: asked({}),
  "list of active": asked({ active: "true" }),
  "list of a team": asked({ team: "team-7" }),
  "list of a person": asked({ requester: "person-7" }),
  "search of a word": asked({ q: "nickname" }),
  "search of a common and a rare word": asked({ q: "column seldom" }),
  [GROWING]: asked({ q: "motto table_42" }),
  overview: ({ store, processes, reader }) => readOverview(store.db, processes, reader, new Date()),
};

/** Whether the pages people open all day stay as quick when an installation has been used for years. */
export const bench = defineBench({
  question: "How much longer do lists, search and the overview take with 10,000 and 1,000,000 changes than with fewer?",
  async run() {
    const postgres = await startPostgres({});
    try {
      const filled: Record<number, Filled> = {};
      for (const size of SIZES) filled[size] = await storeWith(postgres, size);
      const figures: Record<string, Findings["figures"][string]> = {};
      const ratios: Record<string, Findings["ratios"][string]> = {};
      const limits: Record<string, number> = {};
      for (const [question, ask] of Object.entries(QUESTIONS)) {
        const contestants = Object.fromEntries(
          SIZES.map((size) => [
            String(size),
            async () => {
              for (let time = 0; time < TIMES; time++) await ask(filled[size]!);
            },
          ]),
        );
        const times = await measureRounds(contestants, { rounds: ROUNDS, warmUp: 5 });
        for (const size of SIZES)
          figures[`${question}, ${size} changes, ms`] = spread(times[String(size)]!.wall.map((wall) => wall / TIMES));
        for (const [more, fewer] of [
          [10_000, 100],
          [1_000_000, 10_000],
        ] as const) {
          const label = `${question}, ${more} by ${fewer}`;
          ratios[label] = ratio(times[String(more)]!.wall, times[String(fewer)]!.wall);
          if (more > 10_000 && question !== GROWING) limits[label] = 1.5;
        }
      }
      for (const one of Object.values(filled)) await one.close();
      return { subject: { sizes: SIZES.join(" / "), "page of": 50 }, figures, ratios, limits };
    } finally {
      await postgres.stop();
    }
  },
});

function asked(query: Record<string, string>) {
  return async ({ store, processes }: Filled) =>
    accepted(await listChanges(store.db, processes, ListChanges.parse(query)));
}
