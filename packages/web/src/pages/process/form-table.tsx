import type { FormField, Process } from "@change-mgmt/domain/process/process.ts";
import { conditionWords } from "../../ui/condition.ts";

/** The fields of the form: what each is, when it is asked and when it is required; then what fields ask of each other. */
export function FormTable({ process }: { readonly process: Process }) {
  const { fields, rules } = process.form;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="scroll-x" tabIndex={0} aria-label="Fields of the form">
        <table className="table data">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Kind</th>
              <th scope="col">Required</th>
              <th scope="col">What it is for</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field.id}>
                <th scope="row">{field.title}</th>
                <td>{kindOf(field)}</td>
                <td>
                  {required(process, field)}
                  {field.when && <div className="quiet">asked if {conditionWords(process, field.when).join(", ")}</div>}
                </td>
                <td className="quiet">{field.help}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rules.length > 0 && (
        <ul className="rules data">
          {rules.map(({ code, message, when }) => (
            <li key={code}>
              {message} <span className="quiet">If {conditionWords(process, when).join(", ")}.</span>{" "}
              <span className="mono quiet">{code}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function kindOf({ kind, values }: FormField): string {
  return values ? `${kind}: ${values.join(", ")}` : kind;
}

function required(process: Process, { required: needed }: FormField): string {
  if (needed === true) return "always";
  if (typeof needed !== "object") return "–";
  return `if ${conditionWords(process, needed).join(", ")}`;
}
