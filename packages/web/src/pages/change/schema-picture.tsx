import type { StateKind } from "../../ui/states.ts";
import type { RehearsalReport } from "./rehearsal-report.ts";
import { cardsOf, type SchemaCard, type SchemaRow } from "./schema-cards.ts";

const SIGNS: Readonly<Record<SchemaRow["change"], readonly [sign: string, kind: StateKind]>> = {
  added: ["+", "good"],
  removed: ["−", "stopped"],
  altered: ["~", "attention"],
};

/** A migration as a picture: each table it touches as a card, with what comes, goes and changes in it. */
export function SchemaPicture({ changes }: { readonly changes: NonNullable<RehearsalReport["schemaChange"]> }) {
  return (
    <ul className="schema-cards" aria-label="What it changes in the schema">
      {cardsOf(changes).map((card) => (
        <li key={`${card.kind} ${card.name}`} className={`schema-card schema-${card.change}`}>
          <CardHead card={card} />
          {card.rows.length > 0 && (
            <ul>
              {card.rows.map((row) => (
                <li key={`${row.kind} ${row.name} ${row.detail}`} className="schema-row">
                  <Sign change={row.change} />
                  <span>
                    {row.name !== "" && (
                      <span className={row.change === "removed" ? "mono gone" : "mono"}>{row.name}</span>
                    )}{" "}
                    <span className="quiet">
                      {row.kind === "column" || row.name === "" ? row.detail : `${row.kind} ${row.detail}`}
                    </span>
                    {row.breaking && <Breaking />}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}

function CardHead({ card }: { readonly card: SchemaCard }) {
  const whole = card.change !== "altered";
  return (
    <p className="schema-card-head">
      {whole && <Sign change={card.change} />}
      <span>
        <span className={card.change === "removed" ? "mono gone" : "mono"}>{card.name}</span>{" "}
        <span className="quiet">{card.kind}</span>
        {whole && card.breaking && <Breaking />}
      </span>
    </p>
  );
}

function Sign({ change }: { readonly change: SchemaRow["change"] }) {
  const [sign, kind] = SIGNS[change];
  return (
    <span className={`schema-sign state-${kind}`}>
      <span aria-hidden>{sign}</span>
      <span className="only-read">{change}: </span>
    </span>
  );
}

function Breaking() {
  return <span className="schema-breaking state-attention"> breaking</span>;
}
