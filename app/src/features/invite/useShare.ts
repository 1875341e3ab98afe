// Handing a link on: by the system's own sheet where there is one, else by copying. The button itself says what happened.

import { computed, onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import { inviteWords } from '../link-words.ts'

export const COPIED_MS = 2_000

/** `by`: which button answers with "Copied". */
export type CopyState = { readonly kind: 'idle' | 'failed' } | { readonly kind: 'copied'; readonly by: 'share' | 'copy' }

/** `handedOn`: the link has left this page, as far as anybody can tell. */
type Options = { readonly device?: Navigator; readonly handedOn?: () => void }

export const useShare = (link: () => string, { device = navigator, handedOn = () => undefined }: Options = {}) => {
  /** Without a sheet of the system's, sharing would be copying under another name. */
  const canShare = 'share' in device
  const copyState = shallowRef<CopyState>({ kind: 'idle' })
  let timer: number | undefined

  const answer = (state: CopyState): void => {
    copyState.value = state
    window.clearTimeout(timer)
    if (state.kind === 'copied') timer = window.setTimeout(() => (copyState.value = { kind: 'idle' }), COPIED_MS)
  }
  const write = async (by: 'share' | 'copy'): Promise<void> => {
    try {
      await device.clipboard.writeText(link())
      handedOn()
      answer({ kind: 'copied', by })
    } catch {
      answer({ kind: 'failed' })
    }
  }
  const copy = (): Promise<void> => write('copy')
  const share = async (): Promise<void> => {
    const content = { text: inviteWords.shareText, url: link() }
    if (!canShare || device.canShare?.(content) === false) return write('share')
    try {
      await device.share(content)
      handedOn()
    } catch (error) {
      // Closing the system's sheet is an answer too; anything else falls back to copying.
      if (!(error instanceof DOMException && error.name === 'AbortError')) await write('share')
    }
  }
  onScopeDispose(() => window.clearTimeout(timer))

  const isCopiedBy = (button: 'share' | 'copy'): boolean => copyState.value.kind === 'copied' && copyState.value.by === button
  const shareLabel = computed(() => {
    if (isCopiedBy('share')) return inviteWords.copied
    return canShare ? inviteWords.share : inviteWords.copyLink
  })
  const copyLabel = computed(() => (isCopiedBy('copy') ? inviteWords.copied : inviteWords.copy))
  return { canShare, copyState: shallowReadonly(copyState), shareLabel, copyLabel, share, copy }
}
