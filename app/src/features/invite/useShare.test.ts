// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withSetup } from '../testing/index.ts'
import { inviteWords } from '../link-words.ts'
import { COPIED_MS, useShare } from './useShare.ts'

type Parts = { readonly writes?: (text: string) => Promise<void>; readonly shares?: () => Promise<void> }

const device = ({ writes = () => Promise.resolve(), shares }: Parts): Navigator =>
  ({ clipboard: { writeText: writes }, ...(shares === undefined ? {} : { share: shares, canShare: () => true }) }) as unknown as Navigator
const share = (parts: Parts) => withSetup(() => useShare(() => 'https://a.example/#i/x', { device: device(parts) })).result

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('sharing a link', () => {
  it('uses the system’s sheet where there is one', async () => {
    const writes = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve())
    const shares = vi.fn<() => Promise<void>>(() => Promise.resolve())
    await share({ writes, shares }).share()
    expect(shares).toHaveBeenCalledOnce()
    expect(writes).not.toHaveBeenCalled()
  })

  it('copies where there is none, and the button says so for two seconds', async () => {
    const { share: act, shareLabel, copyLabel } = share({})
    await act()
    expect(shareLabel.value).toBe(inviteWords.copied)
    expect(copyLabel.value).toBe(inviteWords.copy)
    await vi.advanceTimersByTimeAsync(COPIED_MS)
    expect(shareLabel.value).toBe(inviteWords.copyLink)
  })

  it('leaves the answer with the button that copied when the other one is pressed', async () => {
    const { copy, share: act, shareLabel, copyLabel } = share({ shares: () => Promise.resolve() })
    await copy()
    await act()
    expect([shareLabel.value, copyLabel.value]).toEqual([inviteWords.share, inviteWords.copied])
  })

  it('does nothing more when somebody closes the system’s sheet', async () => {
    const writes = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve())
    await share({ writes, shares: () => Promise.reject(new DOMException('', 'AbortError')) }).share()
    expect(writes).not.toHaveBeenCalled()
  })

  it('copies when the system’s sheet fails', async () => {
    const { share: act, copyState } = share({ shares: () => Promise.reject(new DOMException('', 'NotAllowedError')) })
    await act()
    expect(copyState.value).toEqual({ kind: 'copied', by: 'share' })
  })

  it('says so when the browser does not let it copy', async () => {
    const { copy, copyState } = share({ writes: () => Promise.reject(new DOMException('', 'NotAllowedError')) })
    await copy()
    expect(copyState.value).toEqual({ kind: 'failed' })
  })
})
