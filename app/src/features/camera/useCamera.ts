// A camera for as long as a screen shows what it sees. It is let go with that screen, and whatever the browser opens too late is let go at once.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import { toFault } from './fault.ts'
import type { CaptureFault } from './fault.ts'

type Options = {
  /** Where it is shown, once that is there. */
  readonly view: () => Pick<HTMLVideoElement, 'srcObject'> | null
  readonly width: number
  readonly height: number
}

/** Not all browsers know a lamp beside the camera, and the DOM's types do not. */
type Lamp = { readonly torch?: boolean }

export const useCamera = (
  { view, width, height }: Options,
  devices = (navigator as { readonly mediaDevices?: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices'> }).mediaDevices,
) => {
  const fault = shallowRef<CaptureFault>()
  const isReady = shallowRef(false)
  const cameras = shallowRef<readonly string[]>([])
  const hasLamp = shallowRef(false)
  const isLit = shallowRef(false)
  let chosen: string | undefined
  let stream: MediaStream | undefined
  /** Which opening counts: an earlier one that comes late is let go. */
  let turn = 0

  const stop = (): void => {
    turn += 1
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = undefined
    isReady.value = false
    hasLamp.value = false
    isLit.value = false
  }
  const open = async (): Promise<MediaStream | CaptureFault> => {
    if (devices === undefined) return 'unable'
    const which = chosen === undefined ? { facingMode: 'environment' } : { deviceId: { exact: chosen } }
    return devices.getUserMedia({ video: { ...which, width: { ideal: width }, height: { ideal: height } } }).catch(toFault)
  }
  const start = async (): Promise<void> => {
    stop()
    fault.value = undefined
    const mine = turn
    const opened = await open()
    if (mine !== turn) return typeof opened === 'string' ? undefined : opened.getTracks().forEach((track) => track.stop())
    if (typeof opened === 'string') return void (fault.value = opened)
    stream = opened
    const [track] = opened.getVideoTracks()
    // Unplugged, or no longer allowed.
    track?.addEventListener('ended', () => {
      if (stream !== opened) return
      stop()
      fault.value = 'none'
    })
    const shown = view()
    if (shown === null) return stop()
    shown.srcObject = opened
    hasLamp.value = (track?.getCapabilities?.() as Lamp | undefined)?.torch === true
    const all = (await devices?.enumerateDevices()) ?? []
    if (mine === turn) cameras.value = all.flatMap(({ kind, deviceId }) => (kind === 'videoinput' ? [deviceId] : []))
  }
  const other = (): Promise<void> => {
    const now = stream?.getVideoTracks()[0]?.getSettings().deviceId ?? ''
    chosen = cameras.value[(cameras.value.indexOf(now) + 1) % cameras.value.length]
    return start()
  }
  const light = async (): Promise<void> => {
    const wanted = !isLit.value
    const constraints = { advanced: [{ torch: wanted } as MediaTrackConstraintSet] }
    await stream
      ?.getVideoTracks()[0]
      ?.applyConstraints(constraints)
      .then(
        () => (isLit.value = wanted),
        // It said it had one.
        () => (hasLamp.value = false),
      )
  }
  onScopeDispose(stop)
  return {
    fault: shallowReadonly(fault),
    isReady: shallowReadonly(isReady),
    cameras: shallowReadonly(cameras),
    hasLamp: shallowReadonly(hasLamp),
    isLit: shallowReadonly(isLit),
    start,
    stop,
    other,
    light,
    /** The first picture is there. */
    shows: (): void => void (isReady.value = stream !== undefined),
  }
}
