import { expect, it } from 'vitest'
import type { MessageView } from '@kith/protocol'
import { entry, message } from '../testing/index.ts'
import { goneBetween } from './gone.ts'

const [one, two, three] = [1, 2, 3].map((time) => message(String(time), { time })) as [MessageView, MessageView, MessageView]
const window = (messages: readonly MessageView[], rest: { hasOlder?: boolean; hasNewer?: boolean } = {}) => ({
  messages,
  hasOlder: false,
  hasNewer: false,
  ...rest,
})

it.each([
  ['deleted for everyone', [one, { ...two, kind: 'deleted' } as MessageView, three], {}, ['2']],
  ['deleted here, between others', [one, three], { hasOlder: true, hasNewer: true }, ['2']],
  ['the newest, deleted here', [one, two], {}, ['3']],
  ['all of them', [], {}, ['1', '2', '3']],
  ['the window moved on', [three], { hasOlder: true }, []],
  ['the window moved back', [one], { hasNewer: true }, []],
  ['nothing', [one, two, three], {}, []],
] as const)('%s', (_what, now, rest, gone) => {
  expect(goneBetween(window([one, two, three]), window(now, rest))).toEqual(gone.map(entry))
})
