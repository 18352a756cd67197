import { colours, sizes } from './tokens'

// antd keeps its variables on its own components; style sheets of ours read these.
const variables: Record<string, string> = {
  '--ws-color-primary': colours.well,
  '--ws-color-primary-soft': colours.wellSoft,
  '--ws-color-night': colours.wellNight,
  '--ws-color-text': colours.ink,
  '--ws-color-text-secondary': colours.inkSoft,
  '--ws-color-text-tertiary': colours.inkFaint,
  '--ws-color-text-quaternary': colours.inkGhost,
  '--ws-color-border': colours.line,
  '--ws-color-border-secondary': colours.lineSoft,
  '--ws-color-bg-container': colours.paper,
  '--ws-color-bg-layout': colours.ground,
  '--ws-color-warning': colours.amber,
  '--ws-color-warning-soft': colours.amberSoft,
  '--ws-color-bad': colours.clay,
  '--ws-color-bad-soft': colours.claySoft,
  '--ws-color-info': colours.sky,
  '--ws-color-info-soft': colours.skySoft,
  '--ws-color-on-dark': colours.onDark,
  '--ws-color-on-dark-soft': colours.onDarkSoft,
  '--ws-box-shadow-tertiary': '0 1px 2px rgba(14, 59, 54, 0.06)',
  '--ws-font-family-code': "ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono', monospace",
  '--ws-radius': `${sizes.radius}px`,
}

/** Puts the tokens where style sheets can read them. */
export function applyTokens(): void {
  for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value)
}
