// A microphone, recorded by the browser: Opus in WebM or Ogg, MP4 where the engine has nothing else. Nothing is written into it but the sound.

import { toFault } from '../camera/index.ts'
import type { CaptureFault } from '../camera/index.ts'
import { LOUDNESS_MS, VOICE_BITS_A_SECOND, VOICE_PART_MS } from './limits.ts'

export type Recorder = {
  readonly pause: () => Promise<void>
  readonly resume: () => void
  /** Resolves when the last part was handed over; the microphone is let go. */
  readonly stop: () => Promise<void>
}

type Told = {
  /** A part of what is recorded. Put together in their order they are a recording. */
  readonly onPart: (part: Blob) => void
  /** Every tenth of a second while it records: how much time went by since the last, ms, and how loud it is, 0 to 1. */
  readonly onHeard: (ms: number, level: number) => void
  /** The microphone went away. */
  readonly onEnd: () => void
}

const KINDS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4']

export async function startRecorder({ onPart, onHeard, onEnd }: Told): Promise<Recorder | CaptureFault> {
  const devices = (navigator as { readonly mediaDevices?: MediaDevices }).mediaDevices
  const mimeType = 'MediaRecorder' in window ? KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) : undefined
  if (devices === undefined || mimeType === undefined) return 'unable'
  let stream: MediaStream
  try {
    stream = await devices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } })
  } catch (error) {
    return toFault(error)
  }
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: VOICE_BITS_A_SECOND })
  const meter = createMeter(stream, (ms, level) => {
    if (recorder.state === 'recording') onHeard(ms, level)
  })
  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size > 0) onPart(data)
  })
  for (const track of stream.getTracks()) track.addEventListener('ended', onEnd)
  const stopped = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve(), { once: true }))
  const handedOver = () => new Promise<void>((resolve) => recorder.addEventListener('dataavailable', () => resolve(), { once: true }))
  recorder.start(VOICE_PART_MS)
  return {
    async pause() {
      if (recorder.state !== 'recording') return
      recorder.pause()
      const last = handedOver()
      recorder.requestData()
      await last
    },
    resume() {
      meter.skip()
      recorder.resume()
    },
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop()
      await stopped
      for (const track of stream.getTracks()) track.stop()
      meter.close()
    },
  }
}

function createMeter(stream: MediaStream, heard: (ms: number, level: number) => void) {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    analyser.getFloatTimeDomainData(samples)
    heard(now - last, Math.min(1, Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length)))
    last = now
  }, LOUDNESS_MS)
  return {
    /** What went by until now was not recorded. */
    skip: (): void => void (last = performance.now()),
    close(): void {
      clearInterval(timer)
      void context.close()
    },
  }
}
