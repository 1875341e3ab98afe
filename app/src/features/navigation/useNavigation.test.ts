// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { ALIAS, CHAT, summary } from '../testing/index.ts'
import { createNavigation } from './useNavigation.ts'
import type { Route } from './route.ts'

const CHAT_ROUTE: Route = { kind: 'conversation', id: CHAT, beside: 'nothing' }
const at = (address: string) => {
  window.history.replaceState(null, '', address)
  return createNavigation(window)
}
const address = (): string => `${window.location.pathname}${window.location.hash}`

beforeEach(() => localStorage.clear())

describe('a page that opens', () => {
  it('at a chat shows it once the list has said which one that is', () => {
    const { route, learn } = at(`/chat#c-${ALIAS}`)
    expect(route.value.kind).toBe('finding')
    learn([summary()])
    expect(route.value).toEqual(CHAT_ROUTE)
    expect(address()).toBe(`/chat#c-${ALIAS}`)
  })

  it('at a chat that is gone, or was never there, shows the list', () => {
    const { route, learn } = at('/chat#c-ZZZZZZZZZZZ')
    learn([summary()])
    expect([route.value.kind, address()]).toEqual(['list', '/'])
  })

  it('at no chat in particular shows the one that was open last', () => {
    const before = at('/')
    before.learn([summary()])
    before.open(CHAT_ROUTE)
    const { route, learn, lastOpened } = at('/chat/details')
    learn([summary()])
    expect(route.value).toEqual({ ...CHAT_ROUTE, beside: 'details' })
    expect(lastOpened()).toBe(CHAT)
  })

  it('at an address of an earlier version leaves the id in none of its own', () => {
    const { route, learn } = at(`/c/${CHAT}`)
    expect(route.value).toEqual(CHAT_ROUTE)
    learn([summary()])
    expect(address()).toBe(`/chat#c-${ALIAS}`)
    expect(JSON.stringify(window.history.state)).not.toContain(CHAT)
  })

  it('whose browser keeps nothing for it works all the same', () => {
    const denied = { location: window.location, history: window.history, addEventListener: () => undefined } as unknown as Window
    Object.defineProperty(denied, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    const { open, learn, lastOpened, route } = createNavigation(denied)
    learn([summary()])
    open(CHAT_ROUTE)
    expect([route.value, lastOpened()]).toEqual([CHAT_ROUTE, undefined])
  })
})

describe('a chat that was just made', () => {
  it('gets its place in the address as soon as the list knows it', () => {
    const { open, learn, route } = at('/')
    open(CHAT_ROUTE)
    expect(address()).toBe('/chat')
    learn([summary()])
    expect([address(), route.value]).toEqual([`/chat#c-${ALIAS}`, CHAT_ROUTE])
  })
})

describe('going back', () => {
  it('takes one pane off, and leaves ids out of the history’s state', () => {
    const { open, up, learn, route } = at('/')
    learn([summary()])
    open(CHAT_ROUTE)
    open({ ...CHAT_ROUTE, beside: 'details' })
    expect(JSON.stringify(window.history.state)).not.toContain(CHAT)
    window.history.replaceState(null, '', address())
    up()
    expect(route.value).toEqual(CHAT_ROUTE)
    up()
    expect(route.value).toEqual({ kind: 'list' })
  })

  it('to a place within the page leaves the chat open', () => {
    const { open, learn, route } = at('/')
    learn([summary()])
    open(CHAT_ROUTE)
    window.history.pushState(null, '', '/chat#composer')
    window.dispatchEvent(new PopStateEvent('popstate'))
    expect(route.value).toEqual(CHAT_ROUTE)
  })
})
