import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

const files = import.meta.glob<{ default: Record<string, unknown> }>('../locales/*/*.json')

/** Strings are loaded per language and feature, when a page first asks for them. */
const localeFiles: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    const load = files[`../locales/${language}/${namespace}.json`]
    if (!load) return done(new Error(`no strings for ${language}/${namespace}`), null)
    load().then(
      (loaded) => done(null, loaded.default),
      (failure: Error) => done(failure, null),
    )
  },
}

const remembered = 'wellspring.language'
export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

function firstLanguage(): Language {
  const kept = localStorage.getItem(remembered)
  if (kept === 'en' || kept === 'zh-CN') return kept
  return 'zh-CN'
}

export function hasChosenLanguage(): boolean {
  return localStorage.getItem(remembered) !== null
}

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(remembered, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

export async function startLanguages(): Promise<void> {
  document.documentElement.lang = firstLanguage()
  await i18next
    .use(localeFiles)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      fallbackLng: false,
      supportedLngs: languages,
      ns: ['common'],
      defaultNS: 'common',
      fallbackNS: 'common',
      interpolation: { escapeValue: false },
    })
}
