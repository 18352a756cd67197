import type { ThemeConfig } from 'antd'

import { colours, sizes } from './tokens'

/** The antd theme: compact, calm, green water rather than the default blue. */
export const theme: ThemeConfig = {
  cssVar: { key: 'ws' },
  hashed: false,
  token: {
    colorPrimary: colours.well,
    // Derived from so dark a green these would come out grey.
    colorPrimaryBg: colours.wellSoft,
    colorPrimaryBgHover: colours.wellSoft,
    controlItemBgActive: colours.wellSoft,
    controlItemBgActiveHover: colours.wellSoft,
    colorInfo: colours.sky,
    colorInfoBg: colours.skySoft,
    colorSuccessBg: colours.wellSoft,
    colorWarningBg: colours.amberSoft,
    colorErrorBg: colours.claySoft,
    colorLink: colours.well,
    colorLinkHover: colours.spring,
    colorSuccess: colours.spring,
    colorWarning: colours.amber,
    colorError: colours.clay,
    colorText: colours.ink,
    colorTextSecondary: colours.inkSoft,
    colorTextTertiary: colours.inkFaint,
    colorBorder: colours.line,
    colorBorderSecondary: colours.lineSoft,
    colorBgLayout: colours.ground,
    borderRadius: sizes.radius,
    fontSize: 14,
    controlHeight: 34,
    fontFamily:
      "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif",
    fontFamilyCode: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono', monospace",
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.18s',
    boxShadowTertiary: '0 1px 2px rgba(14, 59, 54, 0.05)',
  },
  components: {
    Table: { headerBg: colours.ground, headerColor: colours.inkSoft, cellPaddingBlock: 10, cellPaddingInline: 16, cellPaddingInlineMD: 16, cellPaddingInlineSM: 16, rowHoverBg: colours.ground },
    Menu: {
      itemBg: 'transparent',
      subMenuItemBg: 'transparent',
      darkItemBg: 'transparent',
      darkSubMenuItemBg: 'transparent',
      darkItemSelectedBg: colours.onDarkFill,
      darkItemColor: colours.onDark,
      darkGroupTitleColor: colours.onDarkSoft,
      itemHeight: 34,
      itemMarginBlock: 2,
    },
    Card: { paddingLG: 18, headerHeight: 48 },
    Layout: { siderBg: colours.wellNight, headerBg: colours.paper, bodyBg: colours.ground },
    Tree: { nodeSelectedBg: colours.wellSoft },
  },
}

/** The same for those who asked their system for less motion. */
export const stillTheme: ThemeConfig = { ...theme, token: { ...theme.token, motion: false } }
