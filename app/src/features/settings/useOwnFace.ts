// What this person shows of themselves beside their name: read from the engine, and kept there. A picture is chosen, looked at, and kept only then.

import { computed, onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { Face } from '@kith/protocol'
import { useAppStore } from '../app/index.ts'
import { useEngine } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'
import type { NameOutcome } from '../people/index.ts'
import { settingsWords } from '../settings-words.ts'
import { preparePicture } from './prepare-picture.ts'
import type { PictureFault } from './prepare-picture.ts'

const NOTHING: Face = { about: '', picture: new Uint8Array(0) }

export const useOwnFace = () => {
  const engine = useEngine()
  const app = useAppStore()
  const notices = useNotices()
  const face = shallowRef(NOTHING)
  const fault = shallowRef<PictureFault>()
  const chosen = shallowRef<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly url: string }>()
  /** What an older choice is still being drawn for is dropped. */
  let round = 0

  const read = async (): Promise<void> => {
    const account = app.view?.account
    if (account === undefined) return
    const [shown] = await engine.readFaces({ places: [{ conversation: undefined, account }] })
    face.value = shown === undefined ? NOTHING : { about: shown.about, picture: shown.picture?.bytes ?? NOTHING.picture }
  }
  watch(
    () => [app.view?.account, app.view?.faces, app.status.kind],
    () => void read().catch(() => undefined),
    { immediate: true },
  )

  const putBack = (): void => {
    round += 1
    if (chosen.value !== undefined) URL.revokeObjectURL(chosen.value.url)
    chosen.value = undefined
    fault.value = undefined
  }
  onScopeDispose(putBack)

  const choose = async (file: Blob): Promise<void> => {
    putBack()
    const mine = round
    const prepared = await preparePicture(file).catch(() => 'not-drawn' as const)
    if (mine !== round) return
    if (typeof prepared === 'string') fault.value = prepared
    else chosen.value = { bytes: prepared, url: URL.createObjectURL(new Blob([prepared])) }
  }

  /** The rest stays as it is. */
  const save = async (change: Partial<Face>): Promise<NameOutcome> => {
    const next = { ...face.value, ...change }
    const outcome = await notices.attempt(engine.setFace(next))
    if (outcome?.kind === 'saved') face.value = next
    if (outcome?.kind !== 'refused') return outcome ?? { kind: 'failed' }
    return {
      kind: 'refused',
      text: outcome.reason === 'too-long' ? settingsWords.face.aboutTooLong : settingsWords.face.refused['not-drawn'],
    }
  }
  const savePicture = async (picture: Uint8Array): Promise<void> => {
    const outcome = await save({ picture })
    if (outcome.kind === 'saved') putBack()
    else if (outcome.kind === 'refused') fault.value = 'not-drawn'
  }

  return {
    about: computed(() => face.value.about),
    hasPicture: computed(() => face.value.picture.length > 0),
    preview: computed(() => chosen.value?.url),
    fault: shallowReadonly(fault),
    choose,
    cancel: putBack,
    keep: async () => {
      if (chosen.value !== undefined) await savePicture(chosen.value.bytes)
    },
    remove: () => savePicture(NOTHING.picture),
    saveAbout: (about: string) => save({ about }),
  }
}
