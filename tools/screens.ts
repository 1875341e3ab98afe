// `npm run screens`: pictures of every screen, phone and desktop, light and dark, into .screens/ for people to look at. Words after it choose
// devices and scenes by name; `--picture` also renews docs/picture.png. A scene that fails is named, the others are still taken, exit code 1.

import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { createWorld } from '../app/e2e/world.ts'
import { CHROMIUM_ARGS, FAKE_DEVICES, installedChromium } from './chromium.ts'
import { ROOT } from './dist.ts'
import { createCamera, DEVICES, type Device } from './screens/camera.ts'
import { SCENES, type Scene } from './screens/scenes.ts'

const FOLDER = join(ROOT, '.screens')
const SCENE_MS_MAX = 300_000

async function main(words: readonly string[]): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const devices = chosen(DEVICES, words)
  const scenes = chosen(SCENES, words)
  for (const [deviceName, device] of devices) {
    for (const [sceneName, scene] of scenes) {
      try {
        console.log(`${deviceName}, ${sceneName}: ${await takeScene(scene, deviceName, device)} pictures`)
      } catch (error) {
        console.error(`${deviceName}, ${sceneName}: ${String(error)}`)
        process.exitCode = 1
      }
    }
  }
  if (words.includes('--picture')) copyFileSync(join(FOLDER, 'conversation-desktop-light.png'), join(ROOT, 'docs/picture.png'))
}

/** All of them unless some are named. */
function chosen<T>(all: Readonly<Record<string, T>>, words: readonly string[]): readonly [string, T][] {
  const named = Object.entries(all).filter(([name]) => words.includes(name))
  return named.length > 0 ? named : Object.entries(all)
}

async function takeScene(scene: Scene, name: string, device: Device): Promise<number> {
  const browser = await chromium.launch({ executablePath: installedChromium(), args: [...CHROMIUM_ARGS, ...FAKE_DEVICES] })
  const world = await createWorld(browser)
  const camera = createCamera(world, { name, device, folder: FOLDER })
  let timer: NodeJS.Timeout | undefined
  const overrun = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(new Error(`longer than ${SCENE_MS_MAX / 1_000} s`)), SCENE_MS_MAX)
  })
  try {
    await Promise.race([scene(camera), overrun])
  } finally {
    clearTimeout(timer)
    for (const problem of await world.close()) console.error(problem)
    await browser.close()
  }
  return camera.taken()
}

await main(process.argv.slice(2))
