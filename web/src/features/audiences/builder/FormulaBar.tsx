import { Input } from 'antd'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { Problem } from '@/api/problem'
import { useProblemText } from '@/design/problems'

import { useParse } from '../queries'
import styles from './builder.module.css'
import type { Definition } from './tree'

type Props = { text: string | undefined; onRead: (definition: Definition) => void; hasUnfilled: boolean }

/** The definition as text. It follows the rows; what is typed here is read on Enter or when the field is left. */
export function FormulaBar({ text, onRead, hasUnfilled }: Props) {
  const { t } = useTranslation('audiences')
  const say = useProblemText()
  const parse = useParse()
  const [typed, setTyped] = useState<string | null>(null)
  const take = () => {
    if (typed === null || typed.trim() === '' || typed === text) return setTyped(null)
    parse.mutate(typed, { onSuccess: ({ definition }) => { setTyped(null); onRead(definition) } })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      take()
    }
    if (event.key === 'Escape') {
      setTyped(null)
      parse.reset()
    }
  }
  const problem = typed === null || !parse.error ? null : Problem.from(parse.error)
  return (
    <div className={styles.formula}>
      <Input.TextArea
        aria-label={t('formula.label')}
        aria-invalid={problem !== null}
        status={problem ? 'error' : undefined}
        className="mono"
        autoSize={{ minRows: 1, maxRows: 8 }}
        spellCheck={false}
        value={typed ?? text ?? ''}
        placeholder={t('formula.placeholder')}
        onChange={(event) => { setTyped(event.target.value); if (parse.error) parse.reset() }}
        onBlur={take}
        onKeyDown={onKeyDown}
      />
      {problem && <div role="alert" className={styles.fault}>{say(problem)}</div>}
      {problem && <Marked text={typed ?? ''} line={Number(problem.params.line)} column={Number(problem.params.column)} />}
      {!problem && <div className={styles.hint}>{typed !== null ? t('formula.enter') : hasUnfilled ? t('formula.unfilled') : t('formula.hint')}</div>}
    </div>
  )
}

/** The line with the fault, and a mark under the place. */
function Marked({ text, line, column }: { text: string; line: number; column: number }) {
  const row = text.split('\n')[line - 1]
  if (row === undefined || !Number.isFinite(column)) return null
  return (
    <pre className={styles.marked} data-testid="formula-fault">
      {row.slice(0, column - 1)}<mark>{row.slice(column - 1, column) || ' '}</mark>{row.slice(column)}
    </pre>
  )
}
