import { Page } from "../../ui/page.tsx";

export default function XPage() {
  return <Page title="x">…</Page>;
}
