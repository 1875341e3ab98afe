import { describe, expect, it } from 'vitest'
import { alice, bob, createPairScene, say, text, watch } from '../../test/fixtures/conversation.ts'
import { toHex, utf8ToBytes } from '../bytes/bytes.ts'
import { createOverlay } from '../host/rows/overlay.ts'
import { relateAll } from '../host/rows/relate.ts'
import { lastMessageOf, unreadOf } from './view.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { Person, Scene, Watched } from '../../test/fixtures/conversation.ts'
import type { Content } from '../wire/content.ts'

/** The conversation after the time of an entry of `by` is over, whose message is `target`. */
async function expired(
  seen: Watched,
  { by, entry, target }: { by: Person; entry: { orderKey: string }; target: EntryId },
): Promise<Watched> {
  const pending = [{ kind: 'expiry', account: by.account, target, orderKey: entry.orderKey } as const]
  const overlay = createOverlay(seen.store, ['timeline', 'index', 'relations', 'bodies'])
  const { view, writes } = await relateAll({ ...seen.state, pending }, { overlay, faulty: (error) => expect.fail(String(error)) })
  await seen.store.commit(writes)
  return { ...seen, state: view }
}

const tablesWith = ({ store }: Watched, words: string): readonly string[] =>
  [...store.image().tables].flatMap(([table, rows]) =>
    [...rows.values()].some(({ value }) => toHex(value).includes(toHex(utf8ToBytes(words)))) ? [table] : [],
  )
const last = (scene: Scene) => scene.all.at(-1) ?? expect.fail('nothing was said')
const start = createPairScene()

describe('a message whose time is over', () => {
  it('leaves the last and the unread messages as if it had never been', async () => {
    let scene = start
    let seen = await watch(alice, scene)
    const said = ['the harbour', 'the garden', 'the cellar'].map((words) => {
      scene = say(scene, bob, text(words))
      return { by: bob, entry: last(scene), target: last(scene).id }
    })
    seen = await watch(alice, scene, [scene.all.slice(-3)], seen)
    const lasts: (string | undefined)[] = []
    for (const at of [1, 2, 0]) {
      seen = await expired(seen, said[at] ?? expect.fail('no such message'))
      lasts.push(lastMessageOf(seen.state)?.preview)
    }
    expect(lasts).toEqual(['the cellar', 'the harbour', undefined])
    expect(unreadOf(seen.state)).toBe(0)
    expect(['the harbour', 'the garden', 'the cellar'].flatMap((words) => tablesWith(seen, words))).toEqual([])
  })

  it('is not taken by what somebody else says of it', async () => {
    const scene = say(start, bob, text('the harbour'))
    const target = last(scene).id
    const all = say(scene, alice, { kind: 'edit', target, text: 'the garden' })
    const seen = await watch(alice, all)
    const left = await expired(seen, { by: alice, entry: last(all), target })
    expect(tablesWith(left, 'the harbour')).toEqual(['timeline'])
    expect(lastMessageOf(left.state)?.preview).toBe('the harbour')
    expect(tablesWith(left, 'the garden')).toEqual([])
  })

  it('takes what edited it, also where that came first and the message never does', async () => {
    const edit: Content = { kind: 'edit', target: 'e'.repeat(64) as EntryId, text: 'the garden' }
    const scene = say(start, bob, edit)
    const seen = await watch(alice, scene)
    expect(tablesWith(seen, 'the garden')).toEqual(['bodies'])
    expect(tablesWith(await expired(seen, { by: bob, entry: last(scene), target: edit.target }), 'the garden')).toEqual([])
  })

  it('does not come back when it comes again, and nothing that comes for it is kept', async () => {
    const scene = say(start, bob, text('the harbour'))
    const entry = last(scene)
    const gone = await expired(await watch(alice, scene), { by: bob, entry, target: entry.id })
    const edited = say(scene, bob, { kind: 'edit', target: entry.id, text: 'the garden' })
    const all = say(edited, bob, { kind: 'reaction', target: entry.id, emoji: '👍', isSet: true })
    const again = await watch(alice, all, [[entry], all.all.slice(-2)], gone)
    expect(['the harbour', 'the garden'].flatMap((words) => tablesWith(again, words))).toEqual([])
    expect(await again.store.read({ table: 'relations' })).toEqual([])
    expect([again.state.waiting, lastMessageOf(again.state)]).toEqual([0, undefined])
  })
})
