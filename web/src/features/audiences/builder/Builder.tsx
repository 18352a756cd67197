import { AppstoreOutlined, UndoOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { bilingual } from '@/lib/text'

import type { Template, Vocabulary } from '../types'
import styles from './builder.module.css'
import { BuildingContext, type Building } from './context'
import { FormulaBar } from './FormulaBar'
import { NodeView } from './NodeView'
import { started } from './palette'
import { Templates } from './Templates'
import { branch, hints, isBranch, read, type Node } from './tree'
import type { useCounted } from './useCounted'

type Props = {
  root: Node
  onChange: (root: Node) => void
  counted: ReturnType<typeof useCounted>
  vocabulary: Vocabulary
  audienceId?: string
  onTemplate?: (name: string) => void
}

// Steps that can be taken back.
const UNDO_MAX = 50

/** A definition as rows and as text, both in step, with a count beside every row. */
export function Builder({ root, onChange, counted, vocabulary, audienceId, onTemplate }: Props) {
  const { t, i18n } = useTranslation('audiences')
  const [before, setBefore] = useState<Node[]>([])
  const [choosing, setChoosing] = useState(false)
  const { counts, faults, warnings, isAsking } = counted
  const building = useMemo<Building>(() => {
    const set = (next: Node) => {
      if (next === root) return
      setBefore((steps) => [...steps.slice(-UNDO_MAX), root])
      onChange(next)
    }
    return { root, set, counts, isAsking, faults, warnings, vocabulary, audienceId }
  }, [root, onChange, counts, isAsking, faults, warnings, vocabulary, audienceId])
  const undo = () => {
    const last = before.at(-1)
    if (!last) return
    setBefore(before.slice(0, -1))
    onChange(last)
  }
  const take = (template: Template) => {
    setChoosing(false)
    building.set(read(started(template)))
    onTemplate?.(bilingual(template, i18n.language))
  }
  const isLone = !isBranch(root) || root.kind === 'not'
  const extra = (
    <span className="row" style={{ gap: 4, flexWrap: 'nowrap' }}>
      <Button type="text" size="small" icon={<UndoOutlined />} disabled={before.length === 0} onClick={undo}>{t('builder.undo')}</Button>
      <Button size="small" icon={<AppstoreOutlined />} onClick={() => setChoosing(true)}>{t('templates.button')}</Button>
    </span>
  )
  return (
    <BuildingContext value={building}>
      <Panel title={t('builder.title')} extra={extra} data-testid="builder">
        <div className={styles.builder}>
          <FormulaBar text={counted.text} onRead={(definition) => building.set(read(definition, root))} hasUnfilled={hints(root).some((hint) => hint.code === 'unfilled')} />
          <NodeView node={root} />
          {isLone && <Button size="small" onClick={() => building.set(branch('all', [root]))}>{t('builder.more')}</Button>}
        </div>
      </Panel>
      {choosing && <Templates onChoose={take} onClose={() => setChoosing(false)} />}
    </BuildingContext>
  )
}
