// The composition root: starts the session and hands its engine to the page.

import './styles/index.css'
import { mountKith } from './pages/mount.ts'
import { registerServiceWorker, startSession } from './session/index.ts'

const { announceUpdate, saveDrafts } = mountKith(startSession(), '#app')
if (import.meta.env.PROD) registerServiceWorker({ onUpdateReady: (update) => announceUpdate(update.applyUpdate), beforeReload: saveDrafts })
