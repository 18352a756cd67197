import { App } from 'antd'
import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'

/** Asks before a page with unsaved changes is left, by a link of the console or by closing the tab. Gives what lifts it: call it once all is saved. */
export function useLeaveGuard(isDirty: boolean) {
  const { t } = useTranslation('common')
  const { modal } = App.useApp()
  const isSaved = useRef(false)
  const blocker = useBlocker(({ currentLocation, nextLocation }) => isDirty && !isSaved.current && currentLocation.pathname !== nextLocation.pathname)
  useEffect(() => {
    if (blocker.state !== 'blocked') return
    modal.confirm({ title: t('leave.title'), content: t('leave.text'), okText: t('leave.go'), cancelText: t('leave.stay'), onOk: () => blocker.proceed(), onCancel: () => blocker.reset() })
  }, [blocker, modal, t])
  useEffect(() => {
    if (!isDirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isDirty])
  return useCallback(() => { isSaved.current = true }, [])
}
