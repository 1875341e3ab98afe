// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { retyped } from '../mentions/index.ts'
import { withSetup } from '../testing/index.ts'
import { useTyped } from './useTyped.ts'

const MUM = `hi \u0002${'\u0004'.repeat(64)}@Mum\u0003!`

const begin = (before: string) => {
  const reader = shallowRef<typeof retyped>()
  const shown = shallowRef(before)
  const { result } = withSetup(() =>
    useTyped({ shown: () => shown.value, retyped: () => reader.value, write: (next) => (shown.value = next) }),
  )
  return { ...result, shown, come: () => (reader.value = retyped) }
}

it('attack: a mention never becomes the plain words of a name while what reads it has not come', async () => {
  const { take, waits, shown, come } = begin(MUM)
  take('hi @Mum!!')
  expect([shown.value, waits()]).toEqual([MUM, true])
  take('hi @Mum!!!')
  come()
  await nextTick()
  expect([shown.value, waits()]).toEqual([`${MUM}!!`, false])
})

it('what has no mentions waits for nothing', () => {
  const { take, waits, shown } = begin('hi')
  take('hi there')
  expect([shown.value, waits()]).toEqual(['hi there', false])
})
