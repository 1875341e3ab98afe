// The trouble with the connection, one for all screens: whoever opens another chat meanwhile finds it said there as it was here.

import { defineStore } from 'pinia'
import { useAppStore } from '../app/index.ts'
import { useConnectionBanner } from './useConnectionBanner.ts'

export const useTrouble = defineStore('trouble', () => {
  const app = useAppStore()
  return { trouble: useConnectionBanner(() => app.view) }
})
