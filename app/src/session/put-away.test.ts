import { expect, test } from 'vitest'
import { whenPutAway } from './put-away.ts'

test('a page leaves when it is put away and begins anew when it is back, and not when it ends or begins', () => {
  const page = new EventTarget()
  const done: string[] = []
  whenPutAway(
    () => done.push('left'),
    () => done.push('began'),
    page,
  )
  const happen = (type: string, persisted: boolean) => page.dispatchEvent(Object.assign(new Event(type), { persisted }))
  happen('pageshow', false)
  happen('pagehide', false)
  expect(done).toEqual([])
  happen('pagehide', true)
  expect(done).toEqual(['left'])
  happen('pageshow', true)
  happen('pagehide', true)
  expect(done).toEqual(['left', 'began', 'left'])
})
