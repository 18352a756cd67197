import { App } from 'antd'

import { useProblemText } from './problems'

/** Short notices at the top of the window: what was done, or why it was refused. */
export function useNotice() {
  const { message } = App.useApp()
  const say = useProblemText()
  return {
    done: (text: string) => void message.success(text),
    refused: (thrown: unknown) => void message.error(say(thrown), 6),
  }
}
