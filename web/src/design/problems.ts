import { useTranslation } from 'react-i18next'

import { Problem } from '@/api/problem'

/** Says in the chosen language why something was refused. */
export function useProblemText(): (thrown: unknown) => string {
  const { t, i18n } = useTranslation()
  return (thrown) => {
    const problem = Problem.from(thrown)
    const told = i18n.language.startsWith('zh') ? problem.zh : problem.en
    if (told) return told
    return problem.status === 0 ? t('problem.unreachable') : t('problem.status', { status: problem.status })
  }
}
