// Looks for a code in what the camera sees, or in a picture that was chosen, until one of the kind that is asked for is there. The camera is let go then,
// and as long as nobody looks at the page.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import { useCamera } from '../camera/index.ts'
import { createCodeReader } from './code-reader.ts'
import { toScanned } from './kinds.ts'
import { CODES_SEEN_MAX, FRAME_MS, FRAME_SIDE_MAX, HINT_AFTER_MS, PICTURE_BYTES_MAX, PICTURE_SIDES } from './limits.ts'
import type { Scanned, Wanted } from './kinds.ts'

export type Finding =
  | { readonly kind: 'looking' | 'nothing' | 'reading' | 'no-code' | 'no-picture' | 'no-reader' }
  /** A code of something else than what is asked for. */
  | { readonly kind: 'refused'; readonly scanned: Scanned }

type Options = {
  readonly view: () => HTMLVideoElement | null
  readonly wanted: Wanted
  readonly taken: (text: string) => void
}

export const useScan = (
  { view, wanted, taken }: Options,
  { reader = createCodeReader(), origin = location.origin, page = document } = {},
) => {
  const camera = useCamera({ view, width: 1_280, height: 960 })
  const finding = shallowRef<Finding>({ kind: 'looking' })
  let isOver = false
  let isReading = false
  /** Which round of looking counts: one that waits while the camera is let go and opened anew is over. */
  let round = 0

  const judge = (texts: readonly string[]): void => {
    if (isOver) return
    const all = texts.slice(0, CODES_SEEN_MAX).map((text) => ({ text, scanned: toScanned(text, origin) }))
    const good = all.find(({ scanned }) => scanned.kind === wanted)
    if (good !== undefined) {
      end()
      taken(good.text)
    } else if (all[0] !== undefined) refuse(all[0].scanned)
  }
  const refuse = (scanned: Scanned): void => {
    const { value } = finding
    // The same code in the next frame is no news.
    if (value.kind === 'refused' && JSON.stringify(value.scanned) === JSON.stringify(scanned)) return
    finding.value = { kind: 'refused', scanned }
  }
  const heard = (texts: readonly string[] | undefined): void => {
    if (texts === undefined) finding.value = { kind: 'no-reader' }
    else if (finding.value.kind === 'no-reader') finding.value = { kind: 'looking' }
    judge(texts ?? [])
  }
  const look = async (): Promise<void> => {
    const began = performance.now()
    const mine = ++round
    while (camera.isReady.value && mine === round && !isOver) {
      const before = performance.now()
      // A picture that is being read comes first.
      const frame = isReading ? undefined : await toFrame(view())
      if (frame !== undefined) heard(await reader.read(frame, [FRAME_SIDE_MAX]))
      if (finding.value.kind === 'looking' && performance.now() - began > HINT_AFTER_MS) finding.value = { kind: 'nothing' }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, FRAME_MS - (performance.now() - before))))
    }
  }
  const readPicture = async (file: File): Promise<void> => {
    if (isReading) return
    isReading = true
    finding.value = { kind: 'reading' }
    const picture = file.size <= PICTURE_BYTES_MAX ? await createImageBitmap(file).catch(() => undefined) : undefined
    const texts = picture && (await reader.read(picture, PICTURE_SIDES))
    const failed = picture === undefined ? 'no-picture' : 'no-reader'
    isReading = false
    if (isOver) return
    if (texts === undefined) finding.value = { kind: failed }
    else if (texts.length === 0) finding.value = { kind: 'no-code' }
    else judge(texts)
  }
  const start = (): Promise<void> => {
    finding.value = { kind: 'looking' }
    return camera.start()
  }
  const onSeen = (): void => (page.visibilityState === 'hidden' ? camera.stop() : void camera.start())
  const end = (): void => {
    isOver = true
    page.removeEventListener('visibilitychange', onSeen)
    camera.stop()
    reader.close()
  }
  page.addEventListener('visibilitychange', onSeen)
  watch(camera.isReady, (isReady) => void (isReady && look()))
  onScopeDispose(end)
  return { ...camera, start, finding: shallowReadonly(finding), readPicture }
}

/** The square in the middle of what the camera sees, which is what the screen shows of it. */
async function toFrame(view: HTMLVideoElement | null): Promise<ImageBitmap | undefined> {
  const side = Math.min(view?.videoWidth ?? 0, view?.videoHeight ?? 0)
  if (view === null || side === 0) return undefined
  return createImageBitmap(view, (view.videoWidth - side) / 2, (view.videoHeight - side) / 2, side, side).catch(() => undefined)
}
