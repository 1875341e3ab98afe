// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import type { ConversationId, ConversationSummary } from '@kith/protocol'
import { summary } from '../testing/index.ts'

const OTHER = summary({ id: 'd'.repeat(64) as ConversationId, unread: 2 })

it('shows the beginning of the list, and once that is drawn all of it', async () => {
  // Other tests of the same run may have drawn already, which holds for a page.
  vi.resetModules()
  const [{ isDrawn }, { createFakeEngine, withSetup }, { useConversations }] = await Promise.all([
    import('../app/index.ts'),
    import('../testing/index.ts'),
    import('./store.ts'),
  ])
  const states: unknown[] = []
  const note = () => states.push([isDrawn.value, list.views?.length, list.isWhole, list.unread])
  const engine = {
    ...createFakeEngine(),
    readFirstChats: () => Promise.resolve({ chats: [summary({ unread: 1 })], isWhole: false }),
    watchConversations(show: (views: readonly ConversationSummary[]) => void) {
      note()
      show([summary({ unread: 1 }), OTHER])
      return () => undefined
    },
  }
  const { result: list } = withSetup(useConversations, engine)
  note()
  await vi.waitFor(() => expect(list.isWhole).toBe(true))
  note()
  expect(states).toEqual([
    [false, undefined, false, 0],
    // What is new in the others is not known yet.
    [true, 1, false, 0],
    [true, 2, true, 3],
  ])
})
