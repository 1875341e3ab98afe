// The composition root: starts the session and hands its engine to the page.

import './styles/index.css'
import { beginToSpeak } from './features/language/index.ts'
import { mountKith } from './pages/mount.ts'
import { registerServiceWorker, startSession } from './session/index.ts'

const engine = startSession()
// It reads the disk in its worker while the page is drawn here.
await Promise.all([engine.begun, beginToSpeak()])
const { announceUpdate, saveDrafts } = mountKith(engine, '#app')
if (import.meta.env.PROD) registerServiceWorker({ onUpdateReady: (update) => announceUpdate(update.applyUpdate), beforeReload: saveDrafts })
