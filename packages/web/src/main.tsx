import "@change-mgmt/api/no-eval.ts";
import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "@mantine/notifications/styles.css";
import "./ui/ui.css";
import { createRoot } from "react-dom/client";
import { App } from "./shell/app.tsx";

createRoot(document.getElementById("app")!).render(<App />);
