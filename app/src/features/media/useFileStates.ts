// How far the files of a chat have come. All notes of a chat share one look.

import { onScopeDispose, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import type { ConversationId } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import { UNKNOWN_STATES } from './file-status.ts'
import type { FileStates } from './file-status.ts'

type Look = { readonly states: ShallowRef<FileStates>; users: number; readonly stop: () => void }

const looks = new Map<ConversationId, Look>()

export const useFileStates = (conversation: ConversationId): Readonly<ShallowRef<FileStates>> => {
  const engine = useEngine()
  const look = looks.get(conversation) ?? begin()
  look.users += 1
  onScopeDispose(() => {
    look.users -= 1
    if (look.users > 0) return
    look.stop()
    looks.delete(conversation)
  })
  return look.states

  function begin(): Look {
    const states = shallowRef<FileStates>(UNKNOWN_STATES)
    const stop = engine.watchFiles({ conversation }, (views) => {
      states.value = { kind: 'known', views: new Map(views.map((view) => [view.id, view])) }
    })
    const made = { states, users: 0, stop }
    looks.set(conversation, made)
    return made
  }
}
