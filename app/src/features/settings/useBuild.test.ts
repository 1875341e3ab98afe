// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { withSetup } from '../testing/index.ts'
import { parseBuild, useBuild } from './useBuild.ts'

const SAID = { version: '0.1.0', build: '00112233aabbccdd' }

it('is read in groups that can be compared', async () => {
  const fetch = vi.fn(() => Promise.resolve(Response.json(SAID)))
  const { result } = withSetup(() => useBuild({ fetch }))
  await vi.waitFor(() => expect(result.value).toEqual({ version: '0.1.0', build: '0011 2233 aabb ccdd' }))
  expect(fetch).toHaveBeenCalledWith('/build.json')
})

it('is not there where nothing was built', async () => {
  const answers = [() => Promise.reject(new TypeError('offline')), () => Promise.resolve(new Response('<!doctype html>'))]
  for (const fetch of answers) {
    const { result } = withSetup(() => useBuild({ fetch }))
    await new Promise((done) => setTimeout(done, 5))
    expect(result.value).toBeUndefined()
  }
})

it.each([
  undefined,
  null,
  {},
  { ...SAID, version: 1 },
  { ...SAID, version: '0.1.0<b>' },
  { ...SAID, version: `1.2.${'3'.repeat(9)}` },
  { ...SAID, build: SAID.build.slice(1) },
  { ...SAID, build: `${SAID.build}0` },
  { ...SAID, build: 'G'.repeat(16) },
])('is nothing else: %j', (said) => expect(parseBuild(said)).toBeUndefined())
