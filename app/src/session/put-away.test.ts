import { expect, test } from 'vitest'
import { whenPutAway } from './put-away.ts'

test('a page lets go when it is put away and takes part when it is back, and not when it ends or begins', () => {
  const page = new EventTarget()
  const done: string[] = []
  whenPutAway({ letGo: () => done.push('let go'), takePart: () => done.push('took part') }, page)
  const happen = (type: string, persisted: boolean) => page.dispatchEvent(Object.assign(new Event(type), { persisted }))
  happen('pageshow', false)
  happen('pagehide', false)
  expect(done).toEqual([])
  happen('pagehide', true)
  expect(done).toEqual(['let go'])
  happen('pageshow', true)
  happen('pagehide', true)
  expect(done).toEqual(['let go', 'took part', 'let go'])
})
