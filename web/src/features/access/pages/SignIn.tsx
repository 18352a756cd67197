import { Spin } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'

import { Logo } from '@/design/Logo'
import { ProblemNote } from '@/design/ProblemNote'

import { LanguageLink } from '../components/LanguageLink'
import { PasswordForm } from '../components/PasswordForm'
import { useSignInByLink } from '../queries'
import styles from './SignIn.module.css'

// A one-time link may be spent once, also when React draws the page twice in development.
const spent = new Set<string>()

/** Only paths of this console, so that a link cannot lead elsewhere after sign-in. */
function inside(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}

export function SignIn() {
  const { t } = useTranslation('access')
  const go = useNavigate()
  const [params] = useSearchParams()
  const link = useSignInByLink()
  const workspace = params.get('workspace') ?? ''
  const token = params.get('token')
  const next = inside(params.get('next'))
  useEffect(() => {
    document.title = `${t('signIn.title')} · 活水 Wellspring`
  }, [t])
  useEffect(() => {
    if (!token || spent.has(token)) return
    spent.add(token)
    link.mutate({ workspace, token }, { onSuccess: () => void go('/', { replace: true }) })
  }, [token, workspace, go, link])
  const isSpending = token !== null && !link.error
  return (
    <div className={styles.ground}>
      <div className={styles.sheet}>
        <div className={styles.brand}>
          <Logo size={44} />
          <div>
            <div className={styles.name}>活水 Wellspring</div>
            <div className={styles.motto}>{t('signIn.motto')}</div>
          </div>
        </div>
        <ProblemNote problem={link.error} />
        {isSpending ? <div className={styles.waiting}><Spin /> {t('signIn.byLink')}</div> : (
          <PasswordForm workspace={workspace} onDone={() => void go(next, { replace: true })} />
        )}
        <div className={styles.foot}>
          <span>{t('signIn.forgot')}</span>
          <LanguageLink />
        </div>
      </div>
    </div>
  )
}
