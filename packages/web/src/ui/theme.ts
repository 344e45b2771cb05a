import { type CSSVariablesResolver, createTheme, defaultVariantColorsResolver } from "@mantine/core";

/** Calm and dense; the one colour of what can be pressed is ink, so that every other colour can mean a state. */
export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 8, dark: 2 },
  autoContrast: true,
  variantColorResolver: (input) => ({
    ...defaultVariantColorsResolver(input),
    // Ink is dark on light and light on dark, so what is written on it turns around too.
    ...(input.variant === "filled" && (input.color ?? input.theme.primaryColor) === "ink"
      ? { color: "light-dark(#ffffff, #14171c)" }
      : {}),
  }),
  colors: {
    ink: ["#f5f6f8", "#e4e8ed", "#cbd2dc", "#aab4c2", "#8793a4", "#677487", "#4f5b6c", "#3b4656", "#28313f", "#181f2a"],
  },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Code', Menlo, 'DejaVu Sans Mono', monospace",
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm" } },
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { "aria-label": "Close" },
        attributes: { header: { role: "presentation" } },
      },
    },
    Tooltip: { defaultProps: { multiline: true, maw: 320, events: { hover: true, focus: true, touch: true } } },
  },
});

/** Text that Mantine would draw too faintly to be read by everybody. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#57606d",
    "--mantine-color-placeholder": "#69727f",
    "--mantine-color-error": "#ab231c",
  },
  dark: {
    "--mantine-color-body": "#14171c",
    "--mantine-color-dimmed": "#a3acb9",
    "--mantine-color-placeholder": "#8f99a7",
    "--mantine-color-error": "#ff9f97",
  },
});
