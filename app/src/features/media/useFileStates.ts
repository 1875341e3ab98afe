// How far the files of a chat have come. All notes of a chat share one look.

import { onScopeDispose, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import type { ConversationId, FileView } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'

export type FileStates = ReadonlyMap<string, FileView>
type Look = { readonly states: ShallowRef<FileStates>; users: number; readonly stop: () => void }

const looks = new Map<ConversationId, Look>()

/** By `message/item`; what is not there is where it belongs. */
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
    const states = shallowRef<FileStates>(new Map())
    const stop = engine.watchFiles({ conversation }, (views) => void (states.value = new Map(views.map((view) => [view.id, view]))))
    const made = { states, users: 0, stop }
    looks.set(conversation, made)
    return made
  }
}
