import { Spin } from 'antd'
import { Suspense, useEffect } from 'react'
import { Navigate, Outlet, ScrollRestoration, useLocation } from 'react-router'

import { Problem } from '@/api/problem'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { useSessionQuery } from '@/features/access/queries'
import { changeLanguage, hasChosenLanguage, type Language } from '@/lib/i18n'
import { SessionContext } from '@/lib/session'

import { Frame } from './Frame'

/** Everything behind sign-in. */
export function Component() {
  const session = useSessionQuery()
  const here = useLocation()
  const locale = session.data?.user.locale
  useEffect(() => {
    if (locale && !hasChosenLanguage()) void changeLanguage(locale as Language)
  }, [locale])
  if (session.isPending) return <Spin fullscreen />
  if (session.error) {
    if (Problem.from(session.error).status === 401) return <Navigate to={`/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`} replace />
    return <div style={{ maxWidth: 560, margin: '15vh auto', padding: 16 }}><ProblemNote problem={session.error} retry={() => void session.refetch()} /></div>
  }
  return (
    <SessionContext value={session.data}>
      <Frame>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </Frame>
      <ScrollRestoration />
    </SessionContext>
  )
}
