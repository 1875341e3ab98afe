// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { withSetup } from '../testing/index.ts'
import { FILES_MAX } from './limits.ts'
import { preparePhoto } from './prepare-photo.ts'
import { prepareVideo } from './prepare-video.ts'
import { useChosenFiles } from './useChosenFiles.ts'

vi.mock('./prepare-photo.ts', () => ({ preparePhoto: vi.fn() }))
vi.mock('./prepare-video.ts', () => ({ prepareVideo: vi.fn(() => Promise.resolve(undefined)) }))
/** Every file that was chosen is ready, or is known to go as it is. */
const untilReady = ({ isReady }: ReturnType<typeof useChosenFiles>) => vi.waitFor(() => expect(isReady.value).toBe(true), WAIT)
const WAIT = { timeout: 20_000, interval: 1 }

const small = new Blob(['x'])
const prepared = { blob: small, photo: { width: 1, height: 1, thumbhash: new Uint8Array(0) } }
const jpeg = new File(['a long one'], 'IMG_1.jpg', { type: 'image/jpeg' })
const heic = new File(['another'], 'IMG_2.HEIC')
const note = new File(['text'], 'way.gpx')

it('says of every picture that goes as it is what it may tell, and of nothing else', async () => {
  vi.mocked(preparePhoto).mockImplementation((file) => Promise.resolve(file === jpeg ? prepared : undefined))
  const { result } = withSetup(() => useChosenFiles([jpeg, heic, note]))
  const telling = () => result.chosen.value.filter(result.tellsAll).map(({ file }) => file.name)
  expect(telling(), 'not known yet').toEqual([])
  await untilReady(result)
  expect(telling()).toEqual(['IMG_2.HEIC'])
  expect(result.chosen.value.map((one) => result.sentOf(one).size)).toEqual([small.size, heic.size, note.size])
  result.asFiles.value = true
  expect(telling()).toEqual(['IMG_1.jpg', 'IMG_2.HEIC'])
  expect(result.chosen.value.map((one) => result.sentOf(one).size)).toEqual([jpeg.size, heic.size, note.size])
})

it('makes no address for a photo that was taken out while it was drawn', async () => {
  const addressOf = vi.spyOn(URL, 'createObjectURL')
  vi.mocked(preparePhoto).mockResolvedValue(prepared)
  const { result } = withSetup(() => useChosenFiles([jpeg, heic]))
  result.takeOut(0)
  await untilReady(result)
  expect(addressOf).toHaveBeenCalledOnce()
  expect(result.chosen.value.map(({ key }) => key)).toEqual([1])
})

it('a video goes with a poster behind it, as far as there is room for one, and says what was taken out', async () => {
  const film = (blob: Blob) => ({
    blob,
    isWhole: true,
    video: { width: 640, height: 360, thumbhash: new Uint8Array(5), duration: 900 },
    poster: prepared,
  })
  const clips = Array.from({ length: FILES_MAX - 1 }, (_, at) => new File([String(at)], `VID_${at}.mp4`, { type: 'video/mp4' }))
  vi.mocked(preparePhoto).mockResolvedValue(undefined)
  vi.mocked(prepareVideo).mockImplementation((file) => Promise.resolve(film(file === clips[0] ? small : file)))
  const { result } = withSetup(() => useChosenFiles(clips))
  await untilReady(result)
  const sent = result.toNewFiles()
  expect(sent).toHaveLength(FILES_MAX)
  expect(sent.map(({ video, photo }) => video?.hasPoster ?? photo)).toEqual([true, prepared.photo, ...clips.slice(1).map(() => false)])
  expect(
    sent.every(({ name }) => name === ''),
    'a name tells when it was taken',
  ).toBe(true)
  expect(result.chosen.value.map((one) => [result.cleaned(one), result.tellsAll(one)])).toEqual([
    ['all', false],
    ...clips.slice(1).map(() => [undefined, true]),
  ])
  result.asFiles.value = true
  expect(result.toNewFiles().map(({ name, video }) => [name, video])).toEqual(clips.map(({ name }) => [name, undefined]))
})

it('takes more to what was chosen, as many as there is room for, and prepares each once', async () => {
  vi.mocked(preparePhoto).mockReset().mockResolvedValue(undefined)
  const { result } = withSetup(() => useChosenFiles([jpeg, heic]))
  await untilReady(result)
  expect(result.isReady.value).toBe(true)
  expect(result.add([note])).toBe(true)
  expect(result.isReady.value).toBe(false)
  await untilReady(result)
  expect([result.isReady.value, result.chosen.value.map(({ file }) => file.name)]).toEqual([true, ['IMG_1.jpg', 'IMG_2.HEIC', 'way.gpx']])
  expect(result.add(Array.from({ length: FILES_MAX }, () => note))).toBe(false)
  expect(result.chosen.value).toHaveLength(FILES_MAX)
  await untilReady(result)
  expect(preparePhoto).toHaveBeenCalledTimes(FILES_MAX)
  expect(new Set(result.chosen.value.map(({ key }) => key)).size).toBe(FILES_MAX)
})
