import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider, Spin } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { RouterProvider } from 'react-router'

import { Problem } from '@/api/problem'
import { useIsStill } from '@/design/media'
import { stillTheme, theme } from '@/design/theme'
import { router } from '@/router'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      // A refusal stays a refusal; only an unreachable server is worth another try.
      retry: (failures, thrown) => Problem.from(thrown).status === 0 && failures < 2,
    },
  },
})

/** Theme, language and caches around the router. */
export function Root() {
  const { i18n } = useTranslation()
  const isStill = useIsStill()
  const isChinese = i18n.language.startsWith('zh')
  dayjs.locale(isChinese ? 'zh-cn' : 'en')
  return (
    <ConfigProvider theme={isStill ? stillTheme : theme} locale={isChinese ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <App>
        <QueryClientProvider client={queries}>
          <Suspense fallback={<Spin fullscreen />}>
            <RouterProvider router={router} />
          </Suspense>
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  )
}
