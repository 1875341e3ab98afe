// What plays a recording: one for each place that shows one, made when it is first wanted.

import { computed, onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import { playAlone, stoppedAt } from './playing.ts'
import { untilSeekable } from './seekable.ts'

type Source = {
  /** What it is remembered by. */
  readonly key: string
  /** As its message says, ms. */
  readonly duration: number
  /** Undefined where there is nothing to play; why is said elsewhere. */
  readonly read: () => Promise<Blob | undefined>
}

const SPEEDS = [1, 1.5, 2] as const

const createSpeed = (audio: () => HTMLAudioElement | undefined) => {
  const speed = shallowRef<(typeof SPEEDS)[number]>(1)
  const quicken = (): void => {
    speed.value = SPEEDS[(SPEEDS.indexOf(speed.value) + 1) % SPEEDS.length] ?? 1
    const playing = audio()
    if (playing !== undefined) playing.playbackRate = speed.value
  }
  return { speed: shallowReadonly(speed), quicken }
}

const audioOf = (blob: Blob, told: Readonly<Record<string, () => unknown>>): HTMLAudioElement => {
  const made = new Audio(URL.createObjectURL(blob))
  made.preload = 'auto'
  for (const [event, tell] of Object.entries(told)) made.addEventListener(event, tell)
  return made
}

export const usePlayer = (source: () => Source) => {
  const isPlaying = shallowRef(false)
  const isBroken = shallowRef(false)
  const at = shallowRef(stoppedAt.get(source().key) ?? 0)
  const heardTo = shallowRef(0)
  const { speed, quicken } = createSpeed(() => audio)
  /** What somebody said may be less than there is. */
  const all = computed(() => Math.max(source().duration, heardTo.value))
  let audio: HTMLAudioElement | undefined
  let isWanted = false
  let frame = 0

  const note = (): void => {
    if (audio === undefined) return
    at.value = audio.currentTime * 1_000
    heardTo.value = Math.max(heardTo.value, at.value)
  }
  const follow = (): void => {
    note()
    frame = isPlaying.value ? requestAnimationFrame(follow) : 0
  }
  const pause = (): void => {
    isWanted = false
    audio?.pause()
  }
  const handle = { pause }
  const make = (blob: Blob): HTMLAudioElement =>
    audioOf(blob, {
      play: () => {
        isPlaying.value = true
        frame ||= requestAnimationFrame(follow)
      },
      pause: () => (isPlaying.value = false),
      ended: () => (at.value = 0),
      error: () => {
        isPlaying.value = false
        isBroken.value = true
      },
    })
  const load = async (): Promise<HTMLAudioElement | undefined> => {
    if (audio !== undefined) return audio
    const blob = await source().read()
    if (blob === undefined || isOver) return undefined
    audio ??= make(blob)
    await untilSeekable(audio)
    return audio
  }
  const play = async (): Promise<void> => {
    isWanted = true
    playAlone(handle)
    const loaded = await load()
    if (loaded === undefined || !isWanted) return
    loaded.playbackRate = speed.value
    if (Math.abs(loaded.currentTime * 1_000 - at.value) > 50) loaded.currentTime = at.value / 1_000
    await loaded.play().catch(() => (isPlaying.value = false))
  }
  const seek = (ms: number): void => {
    at.value = Math.min(all.value, Math.max(0, ms))
    if (audio !== undefined) audio.currentTime = at.value / 1_000
  }
  let isOver = false
  onScopeDispose(() => {
    isOver = true
    cancelAnimationFrame(frame)
    pause()
    stoppedAt.set(source().key, at.value)
    if (audio !== undefined) URL.revokeObjectURL(audio.src)
  })
  return {
    isPlaying: shallowReadonly(isPlaying),
    isBroken: shallowReadonly(isBroken),
    at: shallowReadonly(at),
    all,
    speed,
    toggle: () => (isPlaying.value ? pause() : void play()),
    seek,
    quicken,
  }
}
