import { useAsk } from "../../data/ask.ts";
import { Section } from "../../ui/page.tsx";

/** Tickets of component boards that belong to the change; nothing where it has none. */
export function Tickets({ number }: { readonly number: string }) {
  const { data } = useAsk("tickets.list", { query: { change: number, limit: 50 } });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Section title="Tickets">
      <dl className="facts data">
        {data.items.map(({ id, component, key, folder }) => (
          <div key={id}>
            <dt>{component}</dt>
            <dd>
              <span className="mono">{key}</span> <span className="quiet">in {folder}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
