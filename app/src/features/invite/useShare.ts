// Handing a link on: by the system's own sheet where there is one, else by copying. The button itself says what happened.

import { computed, onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import { words } from '../words.ts'

export const COPIED_MS = 2_000

export type CopyState = 'idle' | 'copied' | 'failed'

/** `handedOn`: the link has left this page, as far as anybody can tell. */
type Options = { readonly device?: Navigator; readonly handedOn?: () => void }

export const useShare = (link: () => string, { device = navigator, handedOn = () => undefined }: Options = {}) => {
  /** Without a sheet of the system's, sharing would be copying under another name. */
  const canShare = 'share' in device
  const copyState = shallowRef<CopyState>('idle')
  /** Which button answers with "Copied". */
  const answered = shallowRef<'share' | 'copy'>('copy')
  let timer: number | undefined

  const answer = (state: CopyState): void => {
    copyState.value = state
    window.clearTimeout(timer)
    if (state === 'copied') timer = window.setTimeout(() => (copyState.value = 'idle'), COPIED_MS)
  }
  const write = async (): Promise<void> => {
    try {
      await device.clipboard.writeText(link())
      handedOn()
      answer('copied')
    } catch {
      answer('failed')
    }
  }
  const copy = async (): Promise<void> => {
    answered.value = 'copy'
    await write()
  }
  const share = async (): Promise<void> => {
    const content = { text: words.invite.shareText, url: link() }
    answered.value = 'share'
    if (!canShare || device.canShare?.(content) === false) return write()
    try {
      await device.share(content)
      handedOn()
    } catch (error) {
      // Closing the system's sheet is an answer too; anything else falls back to copying.
      if (!(error instanceof DOMException && error.name === 'AbortError')) await write()
    }
  }
  onScopeDispose(() => window.clearTimeout(timer))

  const shareLabel = computed(() => {
    if (copyState.value === 'copied' && answered.value === 'share') return words.invite.copied
    return canShare ? words.invite.share : words.invite.copyLink
  })
  const copyLabel = computed(() => (copyState.value === 'copied' && answered.value === 'copy' ? words.invite.copied : words.invite.copy))
  return { canShare, copyState: shallowReadonly(copyState), shareLabel, copyLabel, share, copy }
}
