import { colours } from './tokens'

/** The mark: a drop above two ripples. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: 'none', display: 'block' }}>
      <rect width="32" height="32" rx="8" fill={colours.well} />
      <path d="M16 5.5c3.6 4.3 5.6 7.3 5.6 9.9a5.6 5.6 0 0 1-11.2 0c0-2.6 2-5.6 5.6-9.9Z" fill={colours.paper} />
      <path d="M6.5 22.5c3.2 2.6 6.3 2.6 9.5 0s6.3-2.6 9.5 0" fill="none" stroke={colours.wellLine} strokeWidth="2.2" strokeLinecap="round" />
      <path d="M9.5 26.5c2.2 1.6 4.3 1.6 6.5 0s4.3-1.6 6.5 0" fill="none" stroke={colours.wellLine} strokeOpacity=".6" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
