import { Navigate } from 'react-router'

import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { Waiting } from '@/design/Waiting'

import { useFirstRun } from '../queries'

/** Where "/" leads: the first-run page while there is nothing, then the first page this person may see. */
export function Home() {
  const can = useCan()
  const first = useFirstRun()
  if (first.isPending) return <Waiting />
  if (first.data?.is_empty) return <Navigate to="/first-run" replace />
  if (can(permissions.overview)) return <Navigate to="/overview" replace />
  return <Navigate to={can(permissions.members) ? '/members' : '/account'} replace />
}
