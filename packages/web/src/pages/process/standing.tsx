import type { Process, Scalar } from "@change-mgmt/domain/process/process.ts";
import { useAsk } from "../../data/ask.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { conditionWords } from "../../ui/condition.ts";
import { Link } from "../../ui/link.tsx";
import { Answer, Section } from "../../ui/page.tsx";

/** The catalogue of standard changes that were approved beforehand: what each asks for, who answers for it, until when, how often it was used. */
export function Standing({ process }: { readonly process: Process }) {
  const standing = useAsk("processes.standing", { params: { name: process.name } });
  return (
    <Section
      title="Standing changes"
      aside={
        <Link href={paths.newChange({ process: process.name })} className="link data">
          Begin one
        </Link>
      }
    >
      <p className="quiet data flat">Standard changes that were approved beforehand, for as long as they meet this.</p>
      <Answer query={standing}>
        {({ items }) => (
          <dl className="pairs-wide data">
            {items.map(({ id, title, description, owner, expires, expired, when, uses, lastUsedAt }) => (
              <div key={id}>
                <dt>
                  {title} {expired && <span className="quiet">(expired)</span>}
                </dt>
                <dd>
                  {description}
                  <br />
                  <span className="quiet">
                    {conditionWords(process, when as Readonly<Record<string, Scalar>>).join("; ")}. Kept by{" "}
                    {ownerWords(process, owner)}, until {expires}.{" "}
                    {uses === 0 ? "Not used yet." : `Used ${uses === 1 ? "once" : `${uses} times`}, last `}
                    {lastUsedAt !== null && <Ago at={lastUsedAt} />}
                  </span>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Answer>
    </Section>
  );
}

function ownerWords({ positions = [] }: Process, owner: string): string {
  return positions.find(({ id }) => id === owner)?.title ?? owner;
}
