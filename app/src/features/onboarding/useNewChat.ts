// Starting a conversation. The very first link needs the relay's address once; until then the wish waits and goes on by itself.

import { shallowReadonly, shallowRef, watch } from 'vue'
import { useAppStore } from '../app/index.ts'
import { useEngine } from '../engine/index.ts'
import { useNavigation } from '../navigation/index.ts'
import { useNotices } from '../notices/index.ts'
import { isBlank } from '../visible.ts'

export type NewChatState = 'idle' | 'working' | 'waits-for-relay' | 'too-long'

type Options = { readonly newRef?: () => string }

export const useNewChat = ({ newRef = () => crypto.randomUUID() }: Options = {}) => {
  const app = useAppStore()
  const engine = useEngine()
  const navigation = useNavigation()
  const notices = useNotices()
  const state = shallowRef<NewChatState>('idle')
  let wish = { text: '', ref: newRef() }

  const attempt = async (): Promise<void> => {
    const text = isBlank(wish.text) ? undefined : wish.text.trim()
    state.value = 'working'
    const create = () => notices.attempt(engine.createConversation({ text, ref: wish.ref }))
    let outcome = await create()
    // Another tab began with another text under this ref.
    if (outcome?.kind === 'refused' && outcome.reason === 'ref-used') {
      wish = { ...wish, ref: newRef() }
      outcome = await create()
    }
    if (outcome === undefined) state.value = 'idle'
    else if (outcome.kind === 'refused') state.value = outcome.reason === 'too-long' ? 'too-long' : 'waits-for-relay'
    else {
      state.value = 'idle'
      wish = { text: '', ref: newRef() }
      navigation.expect({ id: outcome.conversation, alias: outcome.alias })
      navigation.open({ kind: 'conversation', id: outcome.conversation, beside: 'nothing' })
      navigation.open({ kind: 'conversation', id: outcome.conversation, beside: 'invite' })
    }
  }
  /** `draft`: the reference under which the text was kept until now. Another text is another wish; the same acts once, however often. */
  const start = async (text: string, draft?: string): Promise<void> => {
    if (state.value === 'working') return
    wish = { text, ref: draft ?? (text === wish.text ? wish.ref : newRef()) }
    await attempt()
  }
  const reset = (): void => {
    if (state.value !== 'working') state.value = 'idle'
  }
  watch(
    () => app.view?.relay?.state,
    (relay) => {
      if (relay === 'online' && state.value === 'waits-for-relay') void attempt()
    },
  )
  return { state: shallowReadonly(state), start, reset }
}
