import { useTranslation } from 'react-i18next'

import { useSession } from '@/lib/session'

/** Who made something: oneself by name, the system in a word, others by their id. */
export function useActor(): (id: string) => string {
  const { t } = useTranslation('audiences')
  const { user } = useSession()
  return (id) => (id === user.id ? user.name : id === 'system' ? t('actors.system') : id.startsWith('key_') ? t('actors.key') : id)
}
