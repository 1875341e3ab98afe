// The sound of a message: two short tones, made when they are needed. Nothing is fetched for it, and no file lies anywhere.

/** From the first moment on: how many cycles a second, and when it begins, s. */
const TONES = [
  { pitch: 784, at: 0 },
  { pitch: 1_046.5, at: 0.11 },
] as const
const TONE_S = 0.32
const LOUDNESS = 0.16
/** The sound of a message that cannot be heard at once is not heard at all: later it would tell of nothing. */
const PATIENCE_MS = 250

type Page = { readonly AudioContext?: new () => AudioContext; readonly navigator: Pick<Navigator, 'userActivation'> }

let context: AudioContext | undefined

/** Whether it is to be heard, `patience` ms from now at the latest. A browser has no sound for a page that nobody has touched yet. */
export async function playChime(page: Page = window, patience = PATIENCE_MS): Promise<boolean> {
  if (page.AudioContext === undefined || page.navigator.userActivation?.hasBeenActive === false) return false
  context ??= new page.AudioContext()
  if (context.state !== 'running') await Promise.race([context.resume(), new Promise((late) => setTimeout(late, patience))])
  if (context.state !== 'running') return false
  const into = context
  const last = TONES.map((tone) => sound(into, tone)).at(-1)
  if (last === undefined) return false
  newest = last
  // A context that runs keeps the sound of the device awake, and with it the battery.
  last.onended = () => {
    if (newest === last) void into.suspend()
  }
  return true
}

/** The last tone of the newest sound. */
let newest: OscillatorNode | undefined

function sound(into: AudioContext, { pitch, at }: (typeof TONES)[number]): OscillatorNode {
  const [tone, volume] = [into.createOscillator(), into.createGain()]
  const begins = into.currentTime + at
  tone.frequency.value = pitch
  // From nothing and to nothing: a step would be a crack.
  volume.gain.setValueAtTime(0.0001, begins)
  volume.gain.exponentialRampToValueAtTime(LOUDNESS, begins + 0.012)
  volume.gain.exponentialRampToValueAtTime(0.0001, begins + TONE_S)
  tone.connect(volume).connect(into.destination)
  tone.start(begins)
  tone.stop(begins + TONE_S)
  return tone
}
