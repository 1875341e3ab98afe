// How far the files of a chat have come. All notes of a chat share one look.

import { onScopeDispose, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { SLOW_MS } from '../app/index.ts'
import { useEngine } from '../engine/index.ts'
import { LATE_STATES, UNKNOWN_STATES } from './file-status.ts'
import type { FileStates } from './file-status.ts'

type Look = { readonly states: ShallowRef<FileStates>; users: number; readonly end: () => void }

const looks = new Map<ConversationId, Look>()

export const useFileStates = (conversation: ConversationId): Readonly<ShallowRef<FileStates>> => {
  const engine = useEngine()
  const look = looks.get(conversation) ?? begin()
  look.users += 1
  onScopeDispose(() => {
    look.users -= 1
    if (look.users > 0) return
    look.end()
    looks.delete(conversation)
  })
  return look.states

  function begin(): Look {
    const states = shallowRef<FileStates>(UNKNOWN_STATES)
    const watch = () =>
      engine.watchFiles({ conversation }, (views) => {
        clearInterval(timer)
        states.value = { kind: 'known', views: new Map(views.map((view) => [view.id, view])) }
      })
    // The worker's part that knows about files may not have loaded, and is tried again when it is asked again.
    const timer = setInterval(() => {
      states.value = LATE_STATES
      stop()
      stop = watch()
    }, SLOW_MS)
    let stop = watch()
    const end = (): void => {
      clearInterval(timer)
      stop()
    }
    const made = { states, users: 0, end }
    looks.set(conversation, made)
    return made
  }
}
