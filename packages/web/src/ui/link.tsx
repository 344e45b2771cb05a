import { useRouter } from "@tanstack/react-router";
import type { ComponentProps } from "react";

/** A link to another page of this app, made from `paths`: `<Link href={paths.change("CHG-1")}>`. Opens without loading the page anew. */
export function Link({ href, onClick, className = "link", ...rest }: ComponentProps<"a"> & { readonly href: string }) {
  const router = useRouter();
  return (
    <a
      {...rest}
      href={href}
      className={className}
      onClick={(event) => {
        onClick?.(event);
        if (
          event.defaultPrevented ||
          event.button !== 0 ||
          event.metaKey ||
          event.ctrlKey ||
          event.shiftKey ||
          event.altKey
        )
          return;
        event.preventDefault();
        router.history.push(href);
      }}
    />
  );
}

/** Goes to another page of this app by its address; `replace` leaves no entry behind in the history. */
export function useGo(): (href: string, options?: { readonly replace?: boolean }) => void {
  const router = useRouter();
  return (href, { replace = false } = {}) => (replace ? router.history.replace(href) : router.history.push(href));
}
