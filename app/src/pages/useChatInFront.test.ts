// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import type { Route } from '../features/navigation/index.ts'
import { summary, withSetup } from '../features/testing/index.ts'
import { useChatInFront } from './useChatInFront.ts'

const chatOf = (letter: string): ConversationSummary => summary({ id: letter.repeat(64) as ConversationId, alias: letter.repeat(11) })
const [A, B] = [chatOf('a'), chatOf('b')] as const
const open = ({ id }: ConversationSummary): Route => ({ kind: 'conversation', id, beside: 'nothing' })
const LIST: Route = { kind: 'list' }

type Start = {
  readonly route?: Route
  readonly views?: readonly ConversationSummary[]
  readonly wide?: boolean
  readonly last?: ConversationSummary
}

const begin = ({ route: first = LIST, views: shown, wide = true, last }: Start) => {
  const route = shallowRef(first)
  const views = shallowRef(shown)
  const [isWide, isIdle] = [shallowRef(wide), shallowRef(true)]
  const learned: unknown[] = []
  const navigation = {
    route,
    replace: (to: Route) => void (route.value = to),
    learn: (all: unknown) => void learned.push(all),
    lastOpened: (except?: ConversationId) => [last, ...(views.value ?? [])].find((chat) => chat !== undefined && chat.id !== except)?.id,
  }
  const { result } = withSetup(() => {
    useChatInFront({ navigation, views: () => views.value, wide: () => isWide.value, idle: () => isIdle.value })
    return { route, views, isWide, isIdle, learned }
  })
  return result
}

beforeEach(() => localStorage.clear())

describe('the list', () => {
  it('has the chat beside it that was open last, as soon as it has been read', async () => {
    const { route, views, learned } = begin({ last: B })
    expect([route.value, learned]).toEqual([LIST, []])
    views.value = [A, B]
    await nextTick()
    expect(route.value).toEqual(open(B))
    expect(learned).toEqual([[A, B]])
  })

  it('has the newest where none was open, and none where there is none', () => {
    expect(begin({ views: [A, B] }).route.value).toEqual(open(A))
    expect(begin({ views: [] }).route.value).toEqual(LIST)
  })

  it('is alone on a phone, until there is room', async () => {
    const { route, isWide } = begin({ views: [A], wide: false })
    expect(route.value).toEqual(LIST)
    isWide.value = true
    await nextTick()
    expect(route.value).toEqual(open(A))
  })

  it('has one beside it after the settings too', async () => {
    const { route } = begin({ route: { kind: 'settings' }, views: [A] })
    route.value = LIST
    await nextTick()
    expect(route.value).toEqual(open(A))
  })

  it('shows another than the one that was left, which may have been taken off it', async () => {
    const two = begin({ route: open(A), views: [A, B], last: A })
    two.route.value = LIST
    await nextTick()
    expect(two.route.value).toEqual(open(B))
    const one = begin({ route: open(A), views: [A] })
    one.route.value = LIST
    await nextTick()
    one.views.value = [summary(A)]
    await nextTick()
    expect(one.route.value).toEqual(LIST)
  })

  it('shows no other chat to somebody whose address led to one that is not here', async () => {
    const { route } = begin({ route: { kind: 'finding', alias: 'z'.repeat(11), beside: 'nothing' }, views: [A] })
    route.value = LIST
    await nextTick()
    expect(route.value).toEqual(LIST)
  })

  it('waits while a chat is being made', async () => {
    const { route, views, isIdle } = begin({})
    isIdle.value = false
    views.value = [A]
    await nextTick()
    expect(route.value).toEqual(LIST)
    isIdle.value = true
    await nextTick()
    expect(route.value).toEqual(open(A))
  })
})
