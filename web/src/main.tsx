import './design/base.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { applyTokens } from './design/variables'
import { startLanguages } from './lib/i18n'
import { Root } from './routes/Root'

const holder = document.getElementById('root')
if (holder) {
  applyTokens()
  void startLanguages().then(() => {
    createRoot(holder).render(<StrictMode><Root /></StrictMode>)
  })
}
