// The browser's offer to install Kith. It comes once, early, and is kept until somebody asks for it.

import { shallowReadonly, shallowRef } from 'vue'
import { useStorageState } from '../storage/index.ts'

type InstallOffer = Event & { prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }> }

const offer = shallowRef<InstallOffer>()

const isOffer = (event: Event): event is InstallOffer => 'prompt' in event && typeof event.prompt === 'function'

export const listenForInstallOffer = (page: Window = window): void => {
  page.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    if (isOffer(event)) offer.value = event
  })
  page.addEventListener('appinstalled', () => {
    offer.value = undefined
    // Now the browser is likely to promise what it refused before.
    void useStorageState().protectQuietly()
  })
}

export const useInstall = () => {
  const install = async (): Promise<void> => {
    const { outcome } = (await offer.value?.prompt()) ?? { outcome: 'dismissed' }
    if (outcome === 'accepted') offer.value = undefined
  }
  return { offer: shallowReadonly(offer), install }
}
