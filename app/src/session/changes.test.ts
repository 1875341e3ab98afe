import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changed, changeOf } from './changes.ts'

type Row = { readonly id: string; readonly text: string }
const row = (id: string, text = ''): Row => ({ id, text })

test('a view that was changed by what travels is the view that it should be, whatever became of its rows', () => {
  const step = fc.record({
    rows: fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), text: fc.constantFrom('', 'x') }), {
      selector: ({ id }) => id,
    }),
    title: fc.constantFrom('one', 'two'),
    kind: fc.constantFrom('list', 'chat', 'nothing'),
  })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const known = new Map<string, Row>()
      let [there, here]: unknown[] = []
      for (const { rows, title, kind } of steps) {
        // The same object as long as it says the same.
        const same = rows.map((one) => {
          const old = known.get(one.id)
          const now = old?.text === one.text ? old : one
          known.set(one.id, now)
          return now
        })
        const next = kind === 'nothing' ? undefined : kind === 'list' ? same : { title, messages: same }
        const change = changeOf(there, next)
        here = change === undefined ? here : changed(here, structuredClone(change))
        there = next
        expect(here).toEqual(there)
      }
    }),
  )
})

test('what travels is what changed, however much there is', () => {
  const rows = Array.from({ length: 2_000 }, (_, at) => row(`${at}`))
  const [last] = rows.slice(-1)
  if (last === undefined) throw new Error('no rows')
  const moved = { ...last, text: 'news' }
  expect(changeOf(rows, [moved, ...rows.slice(0, -1)])).toEqual({ kind: 'rows', gone: [], put: [[0, moved]] })
  expect(changeOf({ title: 'a', messages: rows }, { title: 'a', messages: [...rows.slice(1), moved] })).toEqual({
    kind: 'rows',
    gone: ['0'],
    put: [[1_999, moved]],
    rest: { title: 'a' },
  })
  expect(changeOf(rows, rows)).toBeUndefined()
})
