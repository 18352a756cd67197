import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'

import { bilingual } from '@/lib/text'
import { named } from '@/lib/words'

import { byDomain } from '../roles'
import type { PermissionText } from '../types'
import styles from './PermissionChecks.module.css'

type Props = { texts: PermissionText[]; value?: string[]; onChange?: (value: string[]) => void; disabled?: boolean }

/** Permissions to tick, grouped by domain; a group's own box ticks the whole group. */
export function PermissionChecks({ texts, value = [], onChange, disabled }: Props) {
  const { t, i18n } = useTranslation('access')
  return (
    <div className={styles.groups}>
      {byDomain(texts).map((group) => {
        const names = group.permissions.map((each) => each.permission)
        const held = names.filter((name) => value.includes(name))
        const others = value.filter((name) => !names.includes(name))
        return (
          <fieldset key={group.domain} className={styles.group}>
            <legend>
              <Checkbox
                disabled={disabled}
                checked={held.length === names.length}
                indeterminate={held.length > 0 && held.length < names.length}
                onChange={(event) => onChange?.(event.target.checked ? [...others, ...names] : others)}
              >
                <strong>{named(t, 'domains', group.domain)}</strong>
              </Checkbox>
            </legend>
            <Checkbox.Group
              disabled={disabled}
              value={held}
              onChange={(chosen) => onChange?.([...others, ...chosen])}
              options={group.permissions.map((each) => ({ value: each.permission, label: bilingual(each, i18n.language) }))}
            />
          </fieldset>
        )
      })}
    </div>
  )
}
