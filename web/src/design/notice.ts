import { App } from 'antd'
import { useTranslation } from 'react-i18next'

import { Problem } from '@/api/problem'

/** Short notices at the top of the window: what was done, or why it was refused. */
export function useNotice() {
  const { message } = App.useApp()
  const { i18n } = useTranslation()
  return {
    done: (text: string) => void message.success(text),
    refused: (thrown: unknown) => void message.error(Problem.from(thrown).text(i18n.language), 6),
  }
}
