// What watches every walk sees what it is there for: without this, a walk in which nothing is reported would say nothing.

import { expect, test } from './walk.ts'
import { watchPage } from './watch.ts'

test('a page that breaks its policy is reported, and one that keeps it is not', async ({ browser, sharedRelay }) => {
  const context = await browser.newContext()
  try {
    const watch = await watchPage('Mallory', context, { home: sharedRelay.url, relays: [] })
    const page = await context.newPage()
    await page.goto(sharedRelay.url)
    await expect(page.getByTestId('composer')).toBeVisible()
    await page.evaluate(() => document.body.append(Object.assign(document.createElement('p'), { textContent: '<b>a text</b>' })))
    expect(watch.problems).toEqual([])

    // A text that is to become elements, and a script in the page itself.
    await page.evaluate(() => {
      try {
        document.createElement('p').innerHTML = '<b>markup</b>'
      } catch {
        // The browser refuses it, and tells.
      }
      document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' }))
    })
    await expect.poll(() => watch.problems.filter((problem) => problem.includes('require-trusted-types-for')).length).toBeGreaterThan(0)
    await page.evaluate(() => {
      const image = document.createElement('img')
      image.src = 'https://elsewhere.example.org/picture.png'
      document.body.append(image)
    })
    await expect.poll(() => watch.problems.filter((problem) => problem.includes('img-src')).length).toBeGreaterThan(0)
  } finally {
    await context.close()
  }
})
