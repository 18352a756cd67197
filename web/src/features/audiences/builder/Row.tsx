import { HolderOutlined } from '@ant-design/icons'
import { createElement } from 'react'
import { useTranslation } from 'react-i18next'

import styles from './builder.module.css'
import { useBuilding } from './context'
import { Count } from './Count'
import { isComplete, kindOf } from './leaf'
import { editorOf } from './leaves/registry'
import { Notes } from './Notes'
import { RowMenu } from './RowMenu'
import { outermost, setLeaf, type LeafNode } from './tree'
import { useDrag } from './useDrag'

/** One condition: its kind, its fields, how many members it holds for. */
export function Row({ node, excluded }: { node: LeafNode; excluded: boolean }) {
  const { t } = useTranslation('audiences')
  const { root, set, faults } = useBuilding()
  const { handle, target } = useDrag(node.key)
  const kind = kindOf(node.leaf) ?? 'tag'
  return (
    <div className={styles.row} {...target} data-excluded={excluded} data-bad={faults.has(node.key)} role="group" aria-label={t(`leaves.${kind}`)} data-testid="condition">
      <span {...handle} className={styles.handle} title={t('builder.drag')} aria-hidden="true"><HolderOutlined /></span>
      <div className={styles.body}>
        <div className={styles.fields}>
          <span className={styles.kind}>{excluded && <b>{t('builder.excluded')}</b>}{t(`leaves.${kind}`)}</span>
          {createElement(editorOf(node.leaf), { leaf: node.leaf, onChange: (leaf) => set(setLeaf(root, node.key, leaf)) })}
        </div>
        {!isComplete(node.leaf) && <div className={styles.hint}>{t('hints.unfilled')}</div>}
        <Notes of={node.key} />
      </div>
      <div className={styles.end}>
        <Count of={node.key} excludes={excluded ? outermost(root, node.key) : undefined} />
        <RowMenu node={node} excluded={excluded} />
      </div>
    </div>
  )
}
