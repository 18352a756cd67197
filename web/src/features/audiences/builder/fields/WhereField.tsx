import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import styles from '../builder.module.css'
import { comparisonOf, whereOf, withWhere, type Condition, type Leaf } from '../leaf'
import { CompareField } from './CompareField'
import { PropertyField, useKinds } from './PropertyField'

type Props = { leaf: Leaf; event: string; onChange: (leaf: Leaf) => void }

/** What the event itself has to be like: all of it on the same event, and of products on the same line. */
export function WhereField({ leaf, event, onChange }: Props) {
  const { t } = useTranslation('audiences')
  const kindsOf = useKinds(event)
  const where = whereOf(leaf)
  const put = (index: number, condition: Condition) => onChange(withWhere(leaf, where.with(index, condition)))
  const property = (condition: Condition) => (typeof condition.property === 'string' ? condition.property : '')
  const start = (name: string): Condition => {
    const [kind] = kindsOf(name)
    if (kind === 'number') return { property: name, gte: null }
    if (kind === 'boolean') return { property: name, is: true }
    return kind === 'list' ? { property: name, includes: '' } : { property: name, is: '' }
  }
  return (
    <div className={styles.where} data-empty={where.length === 0}>
      {where.map((condition, index) => (
        <div key={index} className={styles.condition}>
          <span className={styles.join}>{t(index === 0 ? 'builder.where' : 'builder.and')}</span>
          <PropertyField event={event} value={property(condition)} onChange={(name) => put(index, start(name))} />
          <CompareField kinds={kindsOf(property(condition))} value={comparisonOf(condition)} onChange={(next) => next && put(index, { property: property(condition), [next.op]: next.value })} />
          <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('builder.dropWhere')} onClick={() => onChange(withWhere(leaf, where.filter((_, place) => place !== index)))} />
        </div>
      ))}
      <Button type="link" size="small" icon={<PlusOutlined />} className={styles.addWhere} onClick={() => onChange(withWhere(leaf, [...where, { property: '', is: '' }]))}>{t('builder.addWhere')}</Button>
    </div>
  )
}
