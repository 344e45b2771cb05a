import { Button } from "@mantine/core";
import { useState } from "react";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/link.tsx";
import { Blank } from "../../ui/notices.tsx";
import type { Comparison } from "./compare.tsx";

/** So many changes are shown at first, and more each time they are asked for. */
const STEP = 25;

type Otherwise = Comparison["backtest"]["differing"][number]["otherwise"][number];

/** What the later version would have said otherwise of past changes: in sum, and change by change. */
export function Backtested({ backtest: { changes, more, differing, sums } }: Pick<Comparison, "backtest">) {
  const [shown, setShown] = useState(STEP);
  if (changes === 0)
    return (
      <Blank title="No change was held against it">
        {more ? "The file has problems, which come first." : "None went by this process yet."}
      </Blank>
    );
  return (
    <>
      <p className="quiet data flat">
        Each of the latest {changes} changes is judged by the version that it went by and by the later one, on what is
        known of it. Who would have voted how nobody can know.{more && " Earlier changes were not looked at."}
      </p>
      {differing.length === 0 ? (
        <Blank title="None would have been judged otherwise" />
      ) : (
        <>
          <ul className="sums data">
            {sums.map(({ what, changes: count, ways }) => (
              <li key={what}>
                <strong>{what}</strong>: {count === 1 ? "1 change" : `${count} changes`}
                {ways.map((way) => (
                  <span key={`${way.before}${way.after}`} className="quiet way-of">
                    {way.before} → {way.after}: {way.changes}
                  </span>
                ))}
              </li>
            ))}
          </ul>
          <ul className="differing data">
            {differing.slice(0, shown).map(({ number, title, status, otherwise }) => (
              <li key={number}>
                <Link href={paths.change(number)}>
                  {number} {title}
                </Link>{" "}
                <span className="quiet">{status.replaceAll("_", " ")}</span>
                <ul>
                  {otherwise.map((one) => (
                    <li key={one.what}>
                      {one.what}: <Ways one={one} />
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {shown < differing.length && (
            <Button variant="default" mt={8} onClick={() => setShown(shown + STEP)}>
              Show more, {differing.length - shown} are left
            </Button>
          )}
        </>
      )}
    </>
  );
}

function Ways({ one: { before, after } }: { readonly one: Otherwise }) {
  if (!Array.isArray(before) || !Array.isArray(after)) {
    return (
      <>
        {String(before ?? "not known")} → {String(after ?? "not known")}
      </>
    );
  }
  return (
    <>
      {before.map((word) => (
        <span key={`-${word}`} className="said-earlier">
          {String(word)}
        </span>
      ))}
      {after.map((word) => (
        <span key={`+${word}`} className="said-later">
          {String(word)}
        </span>
      ))}
    </>
  );
}
