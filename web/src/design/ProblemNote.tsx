import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Problem } from '@/api/problem'

import { useProblemText } from './problems'

type Props = { problem: unknown; retry?: () => void }

/** A refusal in words, with its code for whoever has to look it up. */
export function ProblemNote({ problem, retry }: Props) {
  const { t } = useTranslation()
  const say = useProblemText()
  if (!problem) return null
  const known = Problem.from(problem)
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={say(known)}
      description={<code style={{ opacity: 0.65, fontSize: 12 }}>{known.code}</code>}
      action={retry && <Button size="small" onClick={retry}>{t('retry')}</Button>}
      style={{ marginBlock: 8 }}
    />
  )
}
