/** What still keeps a form from being sent, each leading to its control. */
export function Missing(props: {
  readonly missing: readonly { readonly id: string; readonly message: string }[];
  readonly to: string;
}) {
  const { missing, to } = props;
  if (missing.length === 0) return null;
  return (
    <div className="notice state-attention" role="alert">
      <strong>
        {missing.length === 1 ? "One thing is" : `${missing.length} things are`} in the way before you can {to}:
      </strong>
      <ul>
        {missing.map(({ id, message }) => (
          <li key={`${id}${message}`}>
            <a
              className="link"
              href={`#${id}`}
              onClick={(event) => {
                event.preventDefault();
                const control = document.getElementById(id);
                const focusable = control?.matches("input,textarea,select") ? control : control?.querySelector("input");
                control?.scrollIntoView({ block: "center" });
                (focusable as HTMLElement | null | undefined)?.focus();
              }}
            >
              {message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
