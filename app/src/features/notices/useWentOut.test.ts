// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import { withSetup } from '../testing/index.ts'
import { useNotices } from './store.ts'
import { useWentOut } from './useWentOut.ts'

const watched = () => {
  const count = shallowRef(0)
  const { result } = withSetup(() => {
    useWentOut(() => count.value)
    return useNotices()
  })
  const goOut = async (sum: number): Promise<void> => {
    count.value = sum
    await nextTick()
  }
  return { goOut, said: () => result.notices.map(({ text }) => text), show: result.show }
}

describe('what went out when the network was back', () => {
  it('is said once, with the last sum, while one message after another goes', async () => {
    const { goOut, said, show } = watched()
    await goOut(1)
    show('Something else')
    await goOut(2)
    await goOut(3)
    expect(said()).toEqual(['Something else', 'Back online. 3 messages went out.'])
  })

  it('is not taken back when the sum begins anew', async () => {
    const { goOut, said } = watched()
    await goOut(2)
    await goOut(0)
    expect(said()).toEqual(['Back online. 2 messages went out.'])
    await goOut(1)
    expect(said()).toEqual(['Back online. 2 messages went out.', 'Back online. 1 message went out.'])
  })
})
