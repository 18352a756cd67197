import { Input, Tree } from 'antd'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { useIsPhone } from '@/design/media'
import { Panel } from '@/design/Panel'

import { narrowed, pathOf } from '../tree'
import type { UnitNode } from '../types'

type Drawn = { key: string; title: ReactNode; children: Drawn[] }
type Props = { tree: UnitNode[]; chosen?: string; onChoose: (id: string) => void }

export function UnitTree({ tree, chosen, onChoose }: Props) {
  const { t } = useTranslation('organization')
  const isPhone = useIsPhone()
  const [words, setWords] = useState('')
  const shown = useMemo(() => narrowed(tree, words), [tree, words])
  const open = useMemo(() => [...tree.map((node) => node.id), ...pathOf(tree, chosen ?? '').map((node) => node.id)], [tree, chosen])
  const draw = (nodes: UnitNode[]): Drawn[] =>
    nodes.map((node) => ({
      key: node.id,
      title: (
        <span className="row" style={{ gap: 6 }}>
          {node.name}
          {node.kind !== 'store' && <Mark>{t(`kinds.${node.kind}`)}</Mark>}
          {node.closed_on && <Mark tone="bad">{t('closed')}</Mark>}
        </span>
      ),
      children: draw(node.children),
    }))
  return (
    <Panel>
      <Input.Search allowClear placeholder={t('search')} aria-label={t('search')} onChange={(event) => setWords(event.target.value)} style={{ marginBottom: 8 }} />
      <Tree
        key={words}
        blockNode
        height={isPhone ? 260 : 560}
        treeData={draw(shown)}
        selectedKeys={chosen ? [chosen] : []}
        defaultExpandedKeys={open}
        defaultExpandAll={words !== ''}
        onSelect={(keys) => keys[0] !== undefined && onChoose(String(keys[0]))}
      />
    </Panel>
  )
}
