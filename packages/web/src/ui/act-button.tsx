import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import { paths } from "../paths.ts";
import { Link } from "./link.tsx";

/** What `acts` of a change says about one act, or the same of anything else a person may or may not do. */
export interface Permit {
  readonly allowed: boolean;
  readonly reason?: string | undefined;
  readonly hint?: string | undefined;
  /** Id of the deployment that stands in the way. */
  readonly deployment?: string | undefined;
}

/**
 * A button for an act that may not be allowed: then it is shown disabled with its reason, in the words of the rule. It stays
 * reachable by keyboard and touch so that the reason can be read; `explained` writes the reason below it as well.
 *
 * ```tsx
 * <ActButton permit={actOf(change, "submit")} onClick={submit} loading={act.pending}>Submit</ActButton>
 * ```
 */
export function ActButton(
  props: ButtonProps & {
    readonly permit: Permit;
    readonly onClick: () => void;
    readonly explained?: boolean;
    readonly children: ReactNode;
    readonly "aria-label"?: string;
  },
) {
  const { permit, onClick, explained = false, children, ...button } = props;
  const id = useId();
  const [shown, setShown] = useState(false);
  const refused = !permit.allowed;
  const reason = [permit.reason ?? "Not now.", permit.hint].filter(Boolean).join(" ");
  // One element for both, so that whoever stands on the button when it becomes allowed still stands there.
  return (
    <div style={{ maxWidth: "100%" }}>
      <Tooltip label={reason} opened={refused && shown && !explained} withArrow>
        <Button
          {...button}
          {...(refused ? { "data-disabled": true, "aria-disabled": true, "aria-describedby": id } : {})}
          onClick={(event) => {
            if (!refused) return onClick();
            event.preventDefault();
            setShown((was) => !was);
          }}
          onMouseEnter={() => setShown(true)}
          onMouseLeave={() => setShown(false)}
          onFocus={() => setShown(true)}
          onBlur={() => setShown(false)}
        >
          {children}
        </Button>
      </Tooltip>
      {refused && (
        <p id={id} className={explained ? "act-reason" : "only-read"}>
          {reason}
        </p>
      )}
      {refused && explained && permit.deployment !== undefined && (
        <Link href={paths.deployment(permit.deployment)} className="link data">
          The deployment that has it
        </Link>
      )}
    </div>
  );
}
