// Toasts: short sentences at the bottom that leave by themselves, each with one action at most.

import { shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { NOTICES_MAX } from '../limits.ts'
import { EngineError } from '../engine/index.ts'
import { words } from '../words.ts'

export type Notice = {
  readonly id: number
  readonly text: string
  /** `isBrief`: it leaves as soon as one without an action, since what it leads to is found elsewhere. */
  readonly action: { readonly label: string; readonly act: () => void; readonly isBrief?: boolean } | undefined
}

export const NOTICE_MS = 5_000
const NOTICE_WITH_ACTION_MS = 15_000

// The engine keeps secrets out of error texts, so name and text may be handed on.
const toDetails = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))

export const useNotices = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([])
  let nextId = 1

  const dismiss = (id: number): void => {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }
  /** The id is for {@link dismiss}. */
  const show = (text: string, action?: Notice['action']): number => {
    const id = nextId++
    const others = notices.value.filter((notice) => notice.text !== text)
    notices.value = [...others, { id, text, action }].slice(-NOTICES_MAX)
    return id
  }
  /** Awaits a command of which only an environment failure needs a word. */
  const attempt = async <T>(command: Promise<T>): Promise<T | undefined> => {
    try {
      return await command
    } catch (error) {
      if (error instanceof EngineError && error.code === 'storage-full') {
        show(words.toast.full)
        return undefined
      }
      const details = toDetails(error)
      show(words.toast.unknown, { label: words.toast.copyDetails, act: () => void navigator.clipboard.writeText(details) })
      return undefined
    }
  }
  const lifetimeOf = (notice: Notice): number =>
    notice.action === undefined || notice.action.isBrief === true ? NOTICE_MS : NOTICE_WITH_ACTION_MS

  return { notices, show, dismiss, attempt, lifetimeOf }
})
