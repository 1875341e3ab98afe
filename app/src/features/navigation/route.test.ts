import { describe, expect, it } from 'vitest'
import { CHAT } from '../testing/index.ts'
import { parentOf, parsePath, toPath } from './route.ts'
import type { Route } from './route.ts'

const ROUTES: readonly Route[] = [
  { kind: 'list' },
  { kind: 'settings' },
  { kind: 'conversation', id: CHAT, beside: 'nothing' },
  { kind: 'conversation', id: CHAT, beside: 'details' },
  { kind: 'conversation', id: CHAT, beside: 'invite' },
]

describe('addresses', () => {
  it.each(ROUTES)('lead back to where they came from: $kind $beside', (route) => {
    expect(parsePath(toPath(route))).toEqual(route)
  })

  it('that mean nothing lead to the list', () => {
    for (const path of ['/c/short', `/c/${CHAT}/other`, `/c/${CHAT.toUpperCase()}`, '/c/', '//x', '/settings/x'])
      expect(parsePath(path)).toEqual({ kind: 'list' })
  })

  it('go up one pane at a time', () => {
    expect(parentOf({ kind: 'conversation', id: CHAT, beside: 'invite' })).toEqual({ kind: 'conversation', id: CHAT, beside: 'nothing' })
    expect(parentOf({ kind: 'conversation', id: CHAT, beside: 'nothing' })).toEqual({ kind: 'list' })
    expect(parentOf({ kind: 'settings' })).toEqual({ kind: 'list' })
  })
})
